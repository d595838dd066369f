/** Time as a value passed in, so that tests turn the clock by hand. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number
  /** Milliseconds of a clock that only runs on, whatever is done to the other; good for spans alone. */
  steadyMs(): number
  /** Calls `action` once after `delayMs`; returns the undo. */
  after(delayMs: number, action: () => void): () => void
}

export const systemClock: Clock = {
  now: () => Date.now(),
  steadyMs: () => performance.now(),
  after(delayMs, action) {
    const timer = setTimeout(action, delayMs)
    return () => clearTimeout(timer)
  },
}
