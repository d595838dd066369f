import type { Clock } from '../../peer/clock.ts'
import type { WebSocketLike } from '../../peer/signaling-client.ts'
import {
  type CustomerEvent,
  type CustomerSession,
  stepCustomerSession,
} from '../../protocol/customer-session.ts'
import type { EndReason } from '../../protocol/end-reason.ts'
import type { Level, Role } from '../../protocol/level.ts'
import type { ReceiptFacts } from '../../protocol/messages/receipt.ts'
import { parseNumber } from '../../protocol/number.ts'
import type { StartGate } from '../control/steering.ts'
import type { Desktop, LocalHands } from '../desktop/port.ts'
import type { Picture, PictureEvents } from '../picture/port.ts'
import type { ReceiptSheet } from '../receipt/page.ts'
import type { CustomerWindow, FromWindow } from '../window/view.ts'
import type { MarkState } from './screens.ts'
import { type Joined, ServiceLine } from './service-line.ts'
import { Session } from './session.ts'
import { fetchPolicy, type Pinned } from './trust.ts'

export interface AgentOptions extends Pinned {
  readonly desktop: Desktop
  readonly window: CustomerWindow
  readonly agentBuild: string
  readonly clock: Clock
  readonly rtc: object
  readonly connect: () => WebSocketLike
  /** The only way to the screen's pixels; called after *view* was granted and not before [C1]. */
  readonly startPicture: (events: PictureEvents) => Promise<Picture>
  /** The only way to mouse and keyboard, and only through the gate; called after *control* was granted [K1]. */
  readonly startGate: StartGate
  /** What stands on the watermark beside the expert's name, in the customer's language. */
  readonly watermarkText: (state: MarkState) => string
  /** Beside the pointer with which the expert shows a place, in the customer's language. */
  readonly pointerLabel: (expertName: string) => string
  /** The customer's receipt as a page to read, in their language. */
  readonly receiptSheet: (facts: ReceiptFacts) => ReceiptSheet
  /** What this service lets be granted at all [C6]. */
  readonly allowedLevels: readonly Level[]
  /** Typed on the command line instead of in the window. */
  readonly number?: string
  /** Told to the small parent process, which says goodbye for an agent that was killed. */
  readonly onSession: (session: { readonly sessionId: string; readonly token: string } | null) => void
}

/** The customer's client from the number window to its end: one session, then it is over. */
export class Agent {
  readonly #options: AgentOptions
  readonly #service: ServiceLine
  #state: CustomerSession = { phase: 'entering-number' }
  #operatorName = ''
  #secret = ''
  #session: Session | undefined
  #hands: LocalHands | undefined
  #finish: () => void = () => {}

  constructor(options: AgentOptions) {
    this.#options = options
    this.#service = new ServiceLine(options.connect, options.clock, {
      joined: (joined) => this.#joined(joined),
      refused: (refusal) => {
        if (refusal === 'no-service') this.#askAgain('no-service')
        else this.#askAgain(refusal.code, refusal.retryAfterSeconds)
      },
      relayed: (from, body) => this.#session?.relayed(from, body),
      recorderAssigned: (lease) => this.#session?.recorderAssigned(lease),
      reattached: () => this.#session?.reattached(),
      ended: (reason, by) => this.end(reason, by),
    })
  }

  /** Resolves once the customer is done and nothing of the agent is on the screen any more. */
  async run(): Promise<void> {
    const { desktop, window, number } = this.#options
    const isFinished = new Promise<void>((resolve) => {
      this.#finish = resolve
    })
    window.onAction((action) => this.#act(action))
    window.onClosed(() => this.leave())
    this.#showNumber()
    void this.#learnOperator()
    this.#hands = await desktop.watchLocalHands()
    this.#hands.onStopKey(() => {
      if (this.#session) this.end('customer-ended', 'customer')
    })
    if (number !== undefined) this.#enter(number)
    await isFinished
    await this.#session?.stopped
    this.#service.close()
    await this.#hands.close()
    await desktop.close()
    await window.close()
  }

  /** Ends the session whoever asks for it; what touches the customer's device stops first. */
  end(reason: EndReason, by: Role | null): void {
    const session = this.#session
    if (this.#state.phase === 'proving') {
      // Nothing was shared yet: the customer gets another try instead of an end.
      session?.abandon(reason)
      this.#session = undefined
      this.#askAgain(reason)
      return
    }
    if (!session || !this.#step({ t: 'ended', reason, by })) return
    this.#options.window.show({ t: 'busy', what: 'ending' })
    void session.stop(reason, by).then(() => {
      this.#options.onSession(null)
      const { recordingId, retentionDays, receipt } = session
      if (receipt) this.#options.window.offer(receipt.file)
      const shown = receipt?.shown ?? null
      this.#options.window.show({ t: 'ended', reason, by, recordingId, retentionDays, receipt: shown })
    })
  }

  /** The customer, or whoever stops this process, is done: ends what runs and lets `run` resolve. */
  leave(): void {
    this.end('customer-ended', 'customer')
    this.#finish()
  }

  #act(action: FromWindow): void {
    switch (action.t) {
      case 'number':
        this.#enter(action.typed)
        break
      case 'end':
        if (this.#session) this.end('customer-ended', 'customer')
        else this.#finish()
        break
      case 'quit':
        this.leave()
        break
      default:
        this.#session?.act(action)
    }
  }

  async #learnOperator(): Promise<void> {
    try {
      this.#operatorName = (await fetchPolicy(this.#options)).operatorName
      if (this.#state.phase === 'entering-number') this.#showNumber()
    } catch {
      // Only a name is missing so far: the policy is checked again before anything is asked of the customer.
    }
  }

  #enter(typed: string): void {
    const number = parseNumber(typed)
    if (typeof number === 'string') {
      this.#askAgain(number)
      return
    }
    if (!this.#step({ t: 'number-entered' })) return
    this.#options.window.show({ t: 'busy', what: 'joining' })
    this.#secret = number.secret
    this.#service.join(number.nameplate)
  }

  #joined(joined: Joined): void {
    if (!this.#step({ t: 'joined' })) return
    const { window, onSession } = this.#options
    window.show({ t: 'busy', what: 'proving' })
    onSession({ sessionId: joined.sessionId, token: joined.token })
    try {
      this.#session = new Session(joined, this.#secret, this.#hands!, this.#service, this.#options, {
        step: (event) => this.#step(event),
        end: (reason, by) => this.end(reason, by),
      })
    } catch {
      // Not signed by the operator this client trusts: nothing is said to whoever it is.
      this.#service.leave('not-trusted')
      this.#askAgain('not-trusted')
    }
    this.#secret = ''
  }

  #askAgain(
    problem: NonNullable<Extract<CustomerSession, { phase: 'entering-number' }>['problem']>,
    retryAfterSeconds?: number,
  ): void {
    if (!this.#step({ t: 'refused', problem })) return
    this.#options.onSession(null)
    this.#showNumber(retryAfterSeconds)
  }

  #showNumber(retryAfterSeconds?: number): void {
    const problem = this.#state.phase === 'entering-number' ? this.#state.problem : undefined
    this.#options.window.show({
      t: 'number',
      operatorName: this.#operatorName,
      ...(problem === undefined ? {} : { problem }),
      ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
    })
  }

  #step(event: CustomerEvent): boolean {
    const next = stepCustomerSession(this.#state, event)
    if (!next) return false
    this.#state = next
    return true
  }
}
