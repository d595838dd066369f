import type { Clock } from '../../signaling/clock.ts'

interface Timer {
  dueMs: number
  readonly everyMs: number | null
  readonly run: () => void
}

/** A clock that stands still until it is turned; then every timer that falls due runs, in order. */
export class HandClock implements Clock {
  #nowMs: number
  readonly #timers = new Set<Timer>()

  constructor(nowMs = Date.UTC(2030, 0, 1)) {
    this.#nowMs = nowMs
  }

  nowMs(): number {
    return this.#nowMs
  }

  after(ms: number, run: () => void): () => void {
    return this.#add({ dueMs: this.#nowMs + ms, everyMs: null, run })
  }

  every(ms: number, run: () => void): () => void {
    return this.#add({ dueMs: this.#nowMs + ms, everyMs: ms, run })
  }

  turn(ms: number): void {
    const untilMs = this.#nowMs + ms
    for (let next = this.#next(untilMs); next; next = this.#next(untilMs)) {
      this.#nowMs = Math.max(this.#nowMs, next.dueMs)
      if (next.everyMs === null) this.#timers.delete(next)
      else next.dueMs += next.everyMs
      next.run()
    }
    this.#nowMs = untilMs
  }

  #add(timer: Timer): () => void {
    this.#timers.add(timer)
    return () => this.#timers.delete(timer)
  }

  #next(untilMs: number): Timer | undefined {
    const due = [...this.#timers].filter(({ dueMs }) => dueMs <= untilMs)
    return due.toSorted((a, b) => a.dueMs - b.dueMs)[0]
  }
}
