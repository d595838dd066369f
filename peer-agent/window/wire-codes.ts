/** What the agent and its page agree on beside the messages: an address, and close codes that tell the page what to say. */

/** Where the file lies that the end page offers to save. */
export const OFFERED = '/receipt'

/** The agent takes its window away on purpose: nothing is wrong. */
export const CLOSE_FINISHED = 4000
/** Another page with the same right took over; this one falls silent. */
export const CLOSE_TAKEN_OVER = 4001
