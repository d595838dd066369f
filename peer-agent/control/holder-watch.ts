import type { Clock } from '../../peer/clock.ts'
import {
  type Control,
  type ControlEvent,
  controlDueAtMs,
  type Holding,
  holding,
  NO_CONTROL,
  stepControl,
} from '../../protocol/control.ts'
import type { Untimed } from '../session/untimed.ts'

/** The machine of who holds, with a clock that nobody sets: says who holds, also when rest alone changes it. */
export class HolderWatch {
  readonly #clock: Clock
  readonly #changed: (holding: Holding) => void
  #control: Control = NO_CONTROL
  #holding: Holding = { holder: 'customer', because: 'not-granted' }
  #stopTimer: () => void = () => {}

  /** @param changed called, before `step` returns, when the holder changes or the reason why it is the customer */
  constructor(clock: Clock, changed: (holding: Holding) => void) {
    this.#clock = clock
    this.#changed = changed
  }

  /** As of now, not of the last event: the clock may have run on while this process stood still. */
  get holding(): Holding {
    return holding(this.#control, this.#clock.steadyMs())
  }

  get restMs(): number {
    return this.#control.restMs
  }

  step(event: Untimed<ControlEvent>): void {
    const nowMs = this.#clock.steadyMs()
    this.#control = stepControl(this.#control, { nowMs, ...event })
    this.#stopTimer()
    const dueAtMs = controlDueAtMs(this.#control)
    if (dueAtMs !== null)
      this.#stopTimer = this.#clock.after(Math.ceil(dueAtMs - nowMs), () => this.step({ t: 'tick' }))
    const before = this.#holding
    this.#holding = holding(this.#control, nowMs)
    if (JSON.stringify(before) !== JSON.stringify(this.#holding)) this.#changed(this.#holding)
  }

  close(): void {
    this.#stopTimer()
  }
}
