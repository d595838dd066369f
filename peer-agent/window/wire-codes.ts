/** WebSocket close codes between the agent and its page, which is told by them what to say. */

/** The agent takes its window away on purpose: nothing is wrong. */
export const CLOSE_FINISHED = 4000
/** Another page with the same right took over; this one falls silent. */
export const CLOSE_TAKEN_OVER = 4001
