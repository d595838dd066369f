import type { Clock } from '../../peer/clock.ts'
import type { Holding } from '../../protocol/control.ts'
import type { Holder } from '../../protocol/level.ts'
import type { HolderInterval } from '../../protocol/messages/entry.ts'
import { expertPointerMessage, inputMessage, type RemoteInput } from '../../protocol/messages/input.ts'
import type { Desktop, LocalHands } from '../desktop/port.ts'
import { ControlLog } from './control-log.ts'
import type { Gate, GateEvents } from './gate.ts'
import { HolderWatch } from './holder-watch.ts'
import { ShowHand } from './show-hand.ts'

/** A stretch of the control log is written down at least this often, so that a crash loses no more. */
const LONGEST_STRETCH_MS = 60_000

/** Makes the gate; `isOpen` is asked for every message. The only thing the session ever sees of injecting. */
export type StartGate = (isOpen: () => boolean, events: GateEvents) => Promise<Gate>

export interface SteeringOptions {
  readonly desktop: Desktop
  readonly hands: LocalHands
  readonly clock: Clock
  readonly startGate: StartGate
  /** Beside the pointer with which the expert shows a place. */
  readonly pointerLabel: string
}

export interface SteeringEvents {
  /** Who holds, or why the customer does, has changed; the gate is shut already where it must be. */
  changed(holding: Holding): void
  /** A stretch of the control log is over [K6]. */
  stretch(stretch: HolderInterval): void
  shielded(): void
  /** This device takes no input from here on: *control* cannot be had any more. */
  unable(): void
  /** More came than hands can do: this is no expert's page. */
  flooded(): void
}

/** Mouse and keyboard in one session: the customer's hands, the expert's messages, and the gate between. */
export class Steering {
  readonly #options: SteeringOptions
  readonly #events: SteeringEvents
  readonly #watch: HolderWatch
  readonly #show: ShowHand
  #gate: Gate | undefined
  #log: ControlLog | undefined
  #isGranted = false
  #isAsked = false
  #canPoint = false
  #holder: Holder = 'customer'
  #takeOvers = 0
  #isClosed = false
  #stopStretch: () => void = () => {}

  constructor(options: SteeringOptions, events: SteeringEvents) {
    this.#options = options
    this.#events = events
    this.#watch = new HolderWatch(options.clock, (now) => this.#turned(now))
    this.#show = new ShowHand(options.desktop, options.pointerLabel, options.clock)
    options.hands.onInput((input) => {
      if (this.#isClosed) return
      this.#watch.step({ t: 'hands', heldCount: options.hands.heldCount() })
      this.#log?.customer(input)
    })
  }

  get holding(): Holding {
    return this.#watch.holding
  }

  get restMs(): number {
    return this.#watch.restMs
  }

  /** How often the customer's hands took mouse and keyboard from the expert. */
  get takeOvers(): number {
    return this.#takeOvers
  }

  get takesCtrlAltDel(): boolean {
    return this.#gate?.takesCtrlAltDel ?? false
  }

  setRest(restMs: number): void {
    this.#watch.step({ t: 'rest', restMs })
  }

  /** Takes what the customer has granted and is asked now. Nothing that could inject exists without the grant. */
  consent(isGranted: boolean, isAsked: boolean): void {
    if (this.#isClosed) return
    this.#isAsked = isAsked
    // An arrow beside a question would press for an answer.
    if (isAsked) this.#show.hide()
    this.#watch.step({ t: 'asked', isAsked })
    if (isGranted === this.#isGranted) return
    this.#isGranted = isGranted
    if (isGranted) {
      this.#log = new ControlLog('customer', this.#options.clock.now())
      // Nobody holds through a gate that is not there yet.
      void this.#openGate()
    } else {
      this.#watch.step({ t: 'granted', isGranted })
      void this.#closeGate()
    }
  }

  line(isUp: boolean): void {
    if (isUp) this.#gate?.linked()
    this.#watch.step({ t: 'line', isUp })
  }

  picture(isLive: boolean): void {
    this.#canPoint = isLive
    if (!isLive) this.#show.hide()
    this.#watch.step({ t: 'picture', isLive })
  }

  /** Takes one message of the `input` channel. Throws a `Refusal` on anything malformed. */
  receiveInput(data: string | Uint8Array): void {
    const message = inputMessage.decode(data)
    if (message.t === 'show') this.#point(message.x, message.y)
    else this.#take(message)
  }

  /** Takes one message of the `pointer` channel. Throws a `Refusal` on anything malformed. */
  receivePointer(data: string | Uint8Array): void {
    this.#take(expertPointerMessage.decode(data))
  }

  /** Nothing is injected from here on; resolves once nothing is left on the customer's system. */
  async close(): Promise<void> {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#watch.close()
    await Promise.all([this.#closeGate(), this.#show.close()])
  }

  #take(input: RemoteInput): void {
    const isInjected = this.#gate?.take(input) ?? false
    this.#log?.expert(input, isInjected)
    // A click that came too late, or that was never granted, still shows where it was meant.
    if (!isInjected && input.t === 'button' && input.isDown) this.#point(input.x, input.y)
  }

  #point(x: number, y: number): void {
    if (this.#canPoint && !this.#isAsked && !this.#isClosed) this.#show.show(x, y)
  }

  #turned(now: Holding): void {
    // Before anything else is told or written: the customer's hands come first [K2].
    if (now.holder === 'customer') this.#gate?.shut()
    else this.#show.hide()
    if (now.holder !== this.#holder) {
      if (now.holder === 'customer' && now.because === 'hands') this.#takeOvers++
      this.#writeStretch(now.holder)
    }
    this.#events.changed(now)
  }

  #writeStretch(next: Holding['holder']): void {
    this.#stopStretch()
    this.#holder = next
    if (!this.#log) return
    const stretch = this.#log.turn(next, this.#options.clock.now())
    if (stretch) this.#events.stretch(stretch)
    this.#stopStretch = this.#options.clock.after(LONGEST_STRETCH_MS, () => this.#writeStretch(this.#holder))
  }

  async #openGate(): Promise<void> {
    try {
      const gate = await this.#options.startGate(() => this.#watch.holding.holder === 'expert', {
        shielded: () => this.#events.shielded(),
        failed: () => this.#events.unable(),
        flooded: () => this.#events.flooded(),
      })
      if (!this.#isGranted || this.#isClosed) return gate.close()
      this.#gate = gate
      this.#watch.step({ t: 'granted', isGranted: true })
    } catch {
      if (this.#isGranted && !this.#isClosed) this.#events.unable()
    }
  }

  async #closeGate(): Promise<void> {
    this.#writeStretch('customer')
    this.#stopStretch()
    this.#log = undefined
    const gate = this.#gate
    this.#gate = undefined
    await gate?.close()
  }
}
