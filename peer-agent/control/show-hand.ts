import type { Clock } from '../../peer/clock.ts'
import type { Desktop, ShowPointer } from '../desktop/port.ts'

/** Nobody points more often; what comes faster is passed over, but for the last. */
const BETWEEN_MS = 40

/** The expert's pointing finger on the customer's screen. Opened when it is first needed; a failure costs no more. */
export class ShowHand {
  readonly #desktop: Desktop
  readonly #label: string
  readonly #clock: Clock
  #pointer: Promise<ShowPointer | null> | undefined
  #next: { readonly x: number; readonly y: number } | null = null
  #isResting = false
  #stopTimer: () => void = () => {}

  constructor(desktop: Desktop, label: string, clock: Clock) {
    this.#desktop = desktop
    this.#label = label
    this.#clock = clock
  }

  show(x: number, y: number): void {
    this.#next = { x, y }
    if (this.#isResting) return
    this.#isResting = true
    this.#draw()
    this.#stopTimer = this.#clock.after(BETWEEN_MS, () => {
      this.#isResting = false
      if (this.#next) this.show(this.#next.x, this.#next.y)
    })
  }

  hide(): void {
    this.#next = null
    void this.#pointer?.then((pointer) => pointer?.hide())
  }

  async close(): Promise<void> {
    this.#stopTimer()
    this.#next = null
    const pointer = await this.#pointer
    await pointer?.close()
  }

  #draw(): void {
    this.#pointer ??= this.#desktop.openShowPointer(this.#label).catch(() => null)
    void this.#pointer.then((pointer) => {
      if (this.#next) pointer?.show(this.#next.x, this.#next.y)
      this.#next = null
    })
  }
}
