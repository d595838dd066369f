/** Time as a value passed in, so that tests turn the clock by hand. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number
  /** Calls `action` once after `delayMs`; returns the undo. */
  after(delayMs: number, action: () => void): () => void
}

export const systemClock: Clock = {
  now: () => Date.now(),
  after(delayMs, action) {
    const timer = setTimeout(action, delayMs)
    return () => clearTimeout(timer)
  },
}
