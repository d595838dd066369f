import { type Clock, systemClock } from '../../peer/clock.ts'

/**
 * Knows whether the customer still has the page before them. A page that is loaded anew is away for a moment;
 * one that stays away was closed, even where the browser's process goes on.
 */
export class Presence {
  readonly #absenceMs: number
  readonly #left: (() => void)[] = []
  #arrive: (() => void) | undefined
  readonly #clock: Clock
  #stopTimer: () => void = () => {}
  #isOver = false
  #hasLeft = false
  /** Resolves once the page is there for the first time. */
  readonly arrived: Promise<void>

  constructor(absenceMs: number, clock: Clock = systemClock) {
    this.#absenceMs = absenceMs
    this.#clock = clock
    this.arrived = new Promise((resolve) => {
      this.#arrive = resolve
    })
  }

  take(isThere: boolean): void {
    this.#stopTimer()
    if (isThere) this.#arrive?.()
    else this.#stopTimer = this.#clock.after(this.#absenceMs, () => this.leave())
  }

  /** The browser is gone: the page will not come back. */
  leave(): void {
    if (this.#isOver) return
    this.ignore()
    this.#hasLeft = true
    for (const listener of this.#left) listener()
  }

  /** Called at most once; at once where the page left before anyone asked. */
  onLeft(listener: () => void): void {
    if (this.#hasLeft) queueMicrotask(listener)
    else this.#left.push(listener)
  }

  /** The agent itself takes the window away: nobody left. */
  ignore(): void {
    this.#isOver = true
    this.#stopTimer()
  }
}
