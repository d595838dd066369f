import type { Clock } from '../../peer/clock.ts'
import type { KeyCode } from '../../protocol/key-codes.ts'
import type { PixelUnder } from '../picture/viewport.ts'
import type { RemoteHands } from '../session/view.ts'
import { type Deed, doWith } from './deed.ts'
import { type KeyboardInput, type KeyboardStep, NO_KEYS, stepKeyboard } from './keyboard.ts'
import { type Flags, unseen } from './modifiers.ts'
import { NO_POINTER, type PointerInput, stepPointer } from './pointer.ts'
import { addTurn, NO_TURN, type Turn } from './wheel.ts'

/** How often the agent hears that something is still held down. */
export const HOLDING_EVERY_MS = 200

export interface SteeringOptions {
  readonly hands: RemoteHands
  readonly clock: Pick<Clock, 'after'>
  /** Calls `action` before the next picture of this page is shown; returns the undo. */
  readonly frame: (action: () => void) => () => void
}

/** What the keyboard's own part decides about one key. */
export type KeyAnswer = Pick<KeyboardStep, 'isTaken' | 'isLeaving'>

/**
 * Mouse and keyboard together: the pointer is where it should be before a key goes down, and the modifiers are down
 * before a button is. While it is off it listens and sends nothing.
 */
export class Steering {
  readonly #options: SteeringOptions
  #isOn = false
  /** Nothing was done since everything was let go. */
  #isClean = true
  #keyboard = NO_KEYS
  #pointer = NO_POINTER
  #rest = NO_TURN
  #undoFrame: (() => void) | undefined
  #undoHolding: (() => void) | undefined

  constructor(options: SteeringOptions) {
    this.#options = options
  }

  get isOn(): boolean {
    return this.#isOn
  }

  /** A mouse button is down at the customer. */
  get isDragging(): boolean {
    return this.#pointer.held !== 0
  }

  turn(isOn: boolean): void {
    if (isOn === this.#isOn) return
    // On or off: what was pressed before does not count after.
    this.letGo()
    this.#isOn = isOn
  }

  key(event: KeyboardInput): KeyAnswer {
    const step = stepKeyboard(this.#keyboard, event)
    this.#keyboard = step.keyboard
    this.#do(step.deeds.length > 0 ? [...this.#moveDue(), ...step.deeds] : [])
    return step
  }

  point(buttons: number, place: PixelUnder, flags: Flags): void {
    const dropped = this.#stepKeyboard({ t: 'flags', flags })
    const deeds = this.#stepPointer({ t: 'pointer', buttons, place, isSteering: this.#isOn })
    const isPress = deeds.some(({ t }) => t === 'button')
    this.#do([...dropped, ...(isPress ? this.#stepKeyboard({ t: 'use', flags }) : []), ...deeds])
    if (this.#pointer.isWaiting) this.#undoFrame ??= this.#options.frame(() => this.#frameShown())
  }

  /** The pointer went where its events do not come from, or was taken away. */
  pointerLost(buttons: number): void {
    this.#do(this.#stepPointer({ t: 'lost', buttons }))
  }

  wheel(turn: Turn, place: PixelUnder, flags: Flags): void {
    if (!this.#isOn || !place.isInside) return
    const { sent, rest } = addTurn(this.#rest, turn)
    this.#rest = rest
    if (sent.dx === 0 && sent.dy === 0) return
    const dropped = this.#stepKeyboard({ t: 'flags', flags })
    // Two fingers on a touchpad come with a Control that no key was pressed for, and none will be released for.
    const borrowed = unseen(this.#keyboard.modifiers, flags, null)
    const used = this.#stepKeyboard({ t: 'use', flags })
    const given = Object.fromEntries(borrowed.map((kind) => [kind, false]))
    const back = this.#stepKeyboard({ t: 'flags', flags: { ...flags, ...given } })
    // The wheel says where it is: a move before it is of no more use.
    this.#moveDue()
    this.#do([...dropped, ...used, { t: 'wheel', ...sent, x: place.x, y: place.y }, ...back])
  }

  /** Keys one after another, as if pressed by hand: down in this order, up in the other. */
  chord(codes: readonly KeyCode[]): void {
    this.#do(codes.map((code) => ({ t: 'key', code, isDown: true })))
    this.#do(codes.toReversed().map((code) => ({ t: 'key', code, isDown: false })))
  }

  /** Everything is up at the customer, whatever is pressed here. */
  letGo(): void {
    this.#keyboard = NO_KEYS
    this.#pointer = { ...NO_POINTER, pressed: this.#pointer.pressed }
    this.#rest = NO_TURN
    this.#undoFrame?.()
    this.#undoFrame = undefined
    this.#tellHolding()
    if (!this.#isOn || this.#isClean) return
    this.#isClean = true
    this.#options.hands.letGo()
  }

  close(): void {
    this.turn(false)
  }

  #frameShown(): void {
    this.#undoFrame = undefined
    this.#do(this.#moveDue())
  }

  #moveDue(): readonly Deed[] {
    return this.#stepPointer({ t: 'frame' })
  }

  #stepKeyboard(event: KeyboardInput): readonly Deed[] {
    const step = stepKeyboard(this.#keyboard, event)
    this.#keyboard = step.keyboard
    return step.deeds
  }

  #stepPointer(event: PointerInput): readonly Deed[] {
    const step = stepPointer(this.#pointer, event)
    this.#pointer = step.pointer
    return step.deeds
  }

  #do(deeds: readonly Deed[]): void {
    if (!this.#isOn || deeds.length === 0) return
    this.#isClean = false
    for (const deed of deeds) doWith(this.#options.hands, deed)
    this.#tellHolding()
  }

  #tellHolding(): void {
    const { modifiers, down } = this.#keyboard
    const isHolding = this.isDragging || down.size > 0 || [...modifiers.values()].some(({ isSent }) => isSent)
    if (!isHolding) {
      this.#undoHolding?.()
      this.#undoHolding = undefined
      return
    }
    if (!this.#isOn) return
    this.#undoHolding ??= this.#options.clock.after(HOLDING_EVERY_MS, () => {
      this.#undoHolding = undefined
      this.#options.hands.holding()
      this.#tellHolding()
    })
  }
}
