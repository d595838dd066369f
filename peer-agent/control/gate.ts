import type { Clock } from '../../peer/clock.ts'
import type { RemoteInput } from '../../protocol/messages/input.ts'
import type { Injector, InjectorOptions, OpenInjector } from '../desktop/injector.ts'

/** A held key or button is let go when the expert's page has said nothing for this long: it, or the line, is gone. */
const SILENCE_MS = 1_000
/** What an expert's hands can do in a second, and much more; beyond it is a program, and the session is over. */
const MOST_WEIGHT_PER_SECOND = 2_000
const CHARACTERS_PER_WEIGHT = 8

export interface GateOptions extends InjectorOptions {
  readonly openInjector: OpenInjector
  readonly clock: Clock
  /** Whether remote input may reach the system at this moment [K1]; asked for every single message. */
  readonly isOpen: () => boolean
}

export interface GateEvents {
  /** Input was meant for the customer's own Lotse window, which takes none. */
  shielded(): void
  /** Nothing can be injected any more. */
  failed(): void
  /** More came than hands can do. */
  flooded(): void
}

/**
 * The one place through which remote input reaches the system [K1]. It stands between the expert's messages and the
 * injector, which it owns and hands to nobody. The agent has no other way to inject: `test/house/gate.test.ts`.
 */
export class Gate {
  readonly #injector: Injector
  readonly #options: GateOptions
  readonly #events: GateEvents
  /** Keys and buttons that went down through here. */
  readonly #down = new Set<string>()
  #newestN = -1
  #secondFromMs = Number.NEGATIVE_INFINITY
  #weight = 0
  #stopSilence: () => void = () => {}
  #isClosed = false

  static async start(options: GateOptions, events: GateEvents): Promise<Gate> {
    const { openInjector, display, ownProcess } = options
    const injector = await openInjector({ display, ownProcess }, events)
    return new Gate(injector, options, events)
  }

  private constructor(injector: Injector, options: GateOptions, events: GateEvents) {
    this.#injector = injector
    this.#options = options
    this.#events = events
  }

  get takesCtrlAltDel(): boolean {
    return this.#injector.takesCtrlAltDel
  }

  /** Returns whether it was handed to the system. What is not is forgotten. */
  take(input: RemoteInput): boolean {
    if (this.#isClosed || this.#isFlood(input)) return false
    if (!this.#options.isOpen()) {
      this.shut()
      return false
    }
    const isTaken = this.#isInTurn(input) && this.#inject(input)
    this.#listen()
    return isTaken
  }

  /** The customer took over, or something else closed the gate: what waits is gone and all that is held is let go. */
  shut(): void {
    this.#stopSilence()
    this.#down.clear()
    this.#injector.letGo()
  }

  /** A new link counts its messages anew. */
  linked(): void {
    this.#newestN = -1
  }

  async close(): Promise<void> {
    if (this.#isClosed) return
    this.#isClosed = true
    this.shut()
    await this.#injector.close()
  }

  #inject(input: RemoteInput): boolean {
    switch (input.t) {
      case 'at':
        this.#injector.move(input.x, input.y)
        return true
      case 'button':
        if (!this.#hold(input.button, input.isDown)) return false
        this.#injector.button(input.button, input.isDown, input.x, input.y)
        return true
      case 'wheel':
        this.#injector.wheel(input.dx, input.dy, input.x, input.y)
        return true
      case 'text':
        this.#injector.text(input.text)
        return true
      case 'key':
        if (!this.#hold(input.code, input.isDown)) return false
        this.#injector.key(input.code, input.isDown, input.character)
        return true
      case 'holding':
        return false
      case 'let-go':
        this.shut()
        return false
    }
  }

  /** A release of what did not go down through here is somebody else's, or was let go of already. */
  #hold(name: string, isDown: boolean): boolean {
    if (!isDown) return this.#down.delete(name)
    this.#down.add(name)
    return true
  }

  /** The lossy channel overtakes and is overtaken: an old place must not undo a newer one. */
  #isInTurn(input: RemoteInput): boolean {
    if (!('n' in input)) return true
    if (input.t === 'at' && input.n <= this.#newestN) return false
    this.#newestN = Math.max(this.#newestN, input.n)
    return true
  }

  #listen(): void {
    this.#stopSilence()
    if (this.#down.size > 0) this.#stopSilence = this.#options.clock.after(SILENCE_MS, () => this.shut())
  }

  #isFlood(input: RemoteInput): boolean {
    const nowMs = this.#options.clock.steadyMs()
    if (nowMs - this.#secondFromMs >= 1_000) {
      this.#secondFromMs = nowMs
      this.#weight = 0
    }
    this.#weight += 1 + (input.t === 'text' ? input.text.length / CHARACTERS_PER_WEIGHT : 0)
    if (this.#weight <= MOST_WEIGHT_PER_SECOND) return false
    this.#events.flooded()
    return true
  }
}
