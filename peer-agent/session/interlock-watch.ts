import type { Clock } from '../../peer/clock.ts'
import {
  type Interlock,
  type InterlockEvent,
  NO_RECORDER,
  type PicturePermission,
  picturePermission,
  stepInterlock,
} from '../../protocol/interlock.ts'
import type { Untimed } from './untimed.ts'

/** The interlock with a clock: says when a picture may go out, and when it no longer may, by itself [R1]. */
export class InterlockWatch {
  readonly #clock: Clock
  readonly #changed: (permission: PicturePermission) => void
  #interlock: Interlock = NO_RECORDER
  #permission: PicturePermission = { state: 'frozen', reason: 'no-recorder' }
  #stopTimer: () => void = () => {}

  /** @param changed called when the picture freezes, thaws, or freezes for another reason */
  constructor(clock: Clock, changed: (permission: PicturePermission) => void) {
    this.#clock = clock
    this.#changed = changed
  }

  /** As of now, not of the last event: the clock may have run on while this process stood still. */
  get permission(): PicturePermission {
    return picturePermission(this.#interlock, this.#clock.now())
  }

  get highestEpoch(): number {
    return this.#interlock.highestEpoch
  }

  step(event: Untimed<InterlockEvent>): void {
    const nowMs = this.#clock.now()
    this.#interlock = stepInterlock(this.#interlock, { nowMs, ...event })
    const before = this.#permission
    const permission = picturePermission(this.#interlock, nowMs)
    this.#permission = permission
    this.#stopTimer()
    if (permission.state === 'live') {
      const delayMs = Math.max(0, permission.untilMs - nowMs)
      this.#stopTimer = this.#clock.after(delayMs, () => this.step({ t: 'tick' }))
    }
    if (reasonOf(before) !== reasonOf(permission)) this.#changed(permission)
  }

  close(): void {
    this.#stopTimer()
  }
}

function reasonOf(permission: PicturePermission): string {
  return permission.state === 'frozen' ? permission.reason : permission.state
}
