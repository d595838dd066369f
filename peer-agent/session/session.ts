import type { EndReason } from '../../protocol/end-reason.ts'
import type { ExpertCard, ServicePolicy } from '../../protocol/identity.ts'
import type { Role } from '../../protocol/level.ts'
import type { RecorderLease } from '../../protocol/messages/signaling.ts'
import type { LocalHands } from '../desktop/port.ts'
import { FilmSender } from '../picture/film-sender.ts'
import type { FromWindow } from '../window/view.ts'
import type { AgentOptions } from './agent.ts'
import { Assistance, type SessionEvents } from './assistance.ts'
import { ExpertLine } from './expert-line.ts'
import { type KeptReceipt, ReceiptDesk } from './receipt-desk.ts'
import { Recording } from './recording.ts'
import { expertName } from './screens.ts'
import type { Joined, ServiceLine } from './service-line.ts'
import { stopSession } from './stop-session.ts'
import { levelsOf, verifyJoined } from './trust.ts'

/** The expert's page answers the proof within a round trip; one that has not by then is not there. */
const PROOF_TIMEOUT_MS = 20_000
/** Until the line is measured. */
const FILM_RATES = { startBitsPerSecond: 2_500_000, mostBitsPerSecond: 8_000_000 }

/** One session on the customer's device, from the proof to the last trace of it. */
export class Session {
  readonly #joined: Joined
  readonly #service: ServiceLine
  readonly #options: AgentOptions
  readonly #events: SessionEvents
  readonly #policy: ServicePolicy
  readonly #card: ExpertCard
  readonly #expert: ExpertLine
  readonly #hands: LocalHands
  readonly #film = new FilmSender(FILM_RATES)
  #lease: RecorderLease | null
  #recording: Recording | undefined
  #receipt: ReceiptDesk | undefined
  #assistance: Assistance | undefined
  #stopTimer: () => void = () => {}
  #isOver = false
  #stopped: Promise<unknown> = Promise.resolve()

  /** Throws a `Refusal` where the service's policy or the expert's card is not genuine. */
  constructor(
    joined: Joined,
    secret: string,
    hands: LocalHands,
    service: ServiceLine,
    options: AgentOptions,
    events: SessionEvents,
  ) {
    const { policy, card } = verifyJoined(joined, options)
    this.#joined = joined
    this.#service = service
    this.#options = options
    this.#events = events
    this.#policy = policy
    this.#card = card
    this.#lease = joined.recorder
    this.#hands = hands
    this.#expert = this.#newExpertLine(secret)
    this.#stopTimer = options.clock.after(PROOF_TIMEOUT_MS, () => events.end('no-connection', null))
    this.#expert.start()
  }

  /** What the customer may quote later, or null where nothing was recorded. */
  get recordingId(): string | null {
    return this.#recording?.isHeld ? this.#joined.sessionId : null
  }

  /** What the customer may keep, once the session has stopped; null where none could be made. */
  get receipt(): KeptReceipt | null {
    return this.#receipt?.kept ?? null
  }

  get retentionDays(): number {
    return this.#policy.retentionDays
  }

  /** Resolves once `stop` has done everything. */
  get stopped(): Promise<unknown> {
    return this.#stopped
  }

  relayed(from: Role, body: string): void {
    if (from === 'expert') this.#expert.receive(body)
    else if (from === 'recorder') this.#recording?.receive(body)
  }

  recorderAssigned(lease: RecorderLease | null): void {
    this.#lease = lease
    this.#recording?.assign(lease)
    this.#assistance?.tell()
  }

  /** Signaling works again: a line that could not be mended without it is tried at once. */
  reattached(): void {
    if (this.#assistance?.isPrepared) this.#expert.call()
  }

  act(action: FromWindow): void {
    if (!this.#isOver) this.#assistance?.act(action)
  }

  /** Before anything was shared: lets go without an end page. */
  abandon(reason: EndReason): void {
    this.#isOver = true
    this.#stopTimer()
    this.#service.leave(reason)
    this.#expert.close()
    this.#film.close()
  }

  /** What touches the customer's device stops first and without the network [C5]. */
  stop(reason: EndReason, by: Role | null): Promise<unknown> {
    this.#isOver = true
    this.#stopTimer()
    this.#film.close()
    this.#assistance?.close()
    const running = {
      assistance: this.#assistance,
      recording: this.#recording,
      receipt: this.#receipt,
      expert: this.#expert,
      service: this.#service,
      clock: this.#options.clock,
    }
    this.#stopped = stopSession(running, reason, by)
    return this.#stopped
  }

  #newExpertLine(secret: string): ExpertLine {
    const { clock, origin, rtc, window } = this.#options
    const { sessionId, card } = this.#joined
    const iceServers = () => this.#service.iceServers
    return new ExpertLine(
      { secret, sessionId, origin, card, iceServers, clock, rtc, film: this.#film },
      {
        relay: (body) => this.#service.relay('expert', body),
        proved: () => void this.#proved(),
        linked: () => this.#assistance?.lineChanged('linked'),
        lost: () => this.#assistance?.lineChanged('lost'),
        back: () => this.#assistance?.lineChanged('back'),
        drawn: (seq) => this.#assistance?.sharing?.drawn(seq),
        filmShown: (id) => this.#assistance?.sharing?.filmShown(id),
        preferred: (picture) => this.#assistance?.sharing?.preferred(picture),
        asked: (level) => this.#assistance?.ask(level),
        returned: (level) => this.#assistance?.giveBack(level),
        input: (data) => this.#assistance?.steering.receiveInput(data),
        pointer: (data) => this.#assistance?.steering.receivePointer(data),
        clipboard: (data) => this.#assistance?.clipboard.receive(data),
        chat: (entry, isNew) => {
          window.chat({ t: 'chat', ...entry })
          if (isNew) this.#recording?.record('chat', { t: 'chat', from: entry.from, text: entry.text })
        },
        ended: (reason, isByExpert) => this.#events.end(reason, isByExpert ? 'expert' : null),
      },
    )
  }

  /** Both ends are who they say: the recorder is called, and the customer is asked. */
  async #proved(): Promise<void> {
    this.#stopTimer()
    const { clock, rtc, agentBuild } = this.#options
    const iceServers = () => this.#service.iceServers
    const { sessionId } = this.#joined
    const recording = await Recording.begin(
      { sessionId, policy: this.#policy, agentBuild, iceServers, clock, rtc },
      {
        relay: (body) => this.#service.relay('recorder', body),
        permission: () => this.#assistance?.permissionChanged(),
        failed: () => this.#events.end('no-recorder', null),
      },
    )
    if (this.#isOver || !this.#events.step({ t: 'proved' })) return
    this.#recording = recording
    this.#receipt = new ReceiptDesk({
      policy: this.#policy,
      card: this.#card,
      signed: { policy: this.#joined.policy, card: this.#joined.card },
      sheet: this.#options.receiptSheet,
      countersign: (hash) => this.#service.countersign(hash),
    })
    recording.assign(this.#lease)
    recording.record('join', { t: 'join', who: 'customer', name: '' })
    recording.record('join', { t: 'join', who: 'expert', name: expertName(this.#card) })
    this.#assistance = new Assistance(
      {
        options: this.#options,
        policy: this.#policy,
        card: this.#card,
        allowedLevels: levelsOf(this.#policy, this.#options.allowedLevels),
        hands: this.#hands,
        expert: this.#expert,
        recording,
        film: this.#film,
      },
      this.#events,
    )
    this.#assistance.begin()
  }
}
