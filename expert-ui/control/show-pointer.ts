import type { Clock } from '../../peer/clock.ts'

/** Points the customer to places as fast as an eye can follow, and no faster; the newest place is never lost. */
export const SHOW_EVERY_MS = 100

export class ShowPointer {
  readonly #show: (x: number, y: number) => void
  readonly #clock: Pick<Clock, 'after'>
  #newest: { readonly x: number; readonly y: number } | null = null
  #undo: (() => void) | undefined

  constructor(show: (x: number, y: number) => void, clock: Pick<Clock, 'after'>) {
    this.#show = show
    this.#clock = clock
  }

  at(x: number, y: number): void {
    this.#newest = { x, y }
    if (!this.#undo) this.#tell()
  }

  close(): void {
    this.#undo?.()
    this.#undo = undefined
    this.#newest = null
  }

  #tell(): void {
    if (!this.#newest) {
      this.#undo = undefined
      return
    }
    this.#show(this.#newest.x, this.#newest.y)
    this.#newest = null
    this.#undo = this.#clock.after(SHOW_EVERY_MS, () => this.#tell())
  }
}
