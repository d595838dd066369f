import type { Consent, ConsentEvent } from '../../protocol/consent.ts'
import type { CustomerEvent } from '../../protocol/customer-session.ts'
import type { EndReason } from '../../protocol/end-reason.ts'
import type { ExpertCard, ServicePolicy } from '../../protocol/identity.ts'
import type { Level, Role } from '../../protocol/level.ts'
import type { RecorderLease } from '../../protocol/messages/signaling.ts'
import type { LocalHands } from '../desktop/port.ts'
import type { AgentOptions } from './agent.ts'
import { ConsentDesk } from './consent-desk.ts'
import { ExpertLine } from './expert-line.ts'
import { Recording } from './recording.ts'
import { expertName, sessionScreen } from './screens.ts'
import type { Joined, ServiceLine } from './service-line.ts'
import { Sharing } from './sharing.ts'
import { stopSession } from './stop-session.ts'
import { verifyJoined } from './trust.ts'

/** The expert's page answers the proof within a round trip; one that has not by then is not there. */
const PROOF_TIMEOUT_MS = 20_000
/** Longest wait for a recorder's first acknowledgement after the customer agreed. */
const RECORDER_TIMEOUT_MS = 15_000
/** Longest wait for the first link, and for a lost line to come back. */
const LINE_TIMEOUT_MS = 60_000
export interface SessionEvents {
  /** Returns false where the life cycle refuses. */
  step(event: CustomerEvent): boolean
  end(reason: EndReason, by: Role | null): void
}

/** One session on the customer's device, from the proof to the last trace of it. */
export class Session {
  readonly #joined: Joined
  readonly #service: ServiceLine
  readonly #options: AgentOptions
  readonly #events: SessionEvents
  readonly #policy: ServicePolicy
  readonly #card: ExpertCard
  readonly #expert: ExpertLine
  readonly #desk: ConsentDesk
  #lease: RecorderLease | null
  #recording: Recording | undefined
  #sharing: Sharing | undefined
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
    this.#desk = new ConsentDesk(options.allowedLevels, options.clock, hands, {
      changed: (consent, happened) => this.#consentChanged(consent, happened),
      answerIgnored: () => options.window.answerIgnored(),
    })
    this.#expert = this.#newExpertLine(secret)
    this.#limit(PROOF_TIMEOUT_MS, 'no-connection')
    this.#expert.start()
  }

  /** What the customer may quote later, or null where nothing was recorded. */
  get recordingId(): string | null {
    return this.#recording?.isHeld ? this.#joined.sessionId : null
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
    this.#tellState()
  }

  /** Signaling works again: a line that could not be mended without it is tried at once. */
  reattached(): void {
    if (this.#sharing?.isPrepared) this.#expert.call()
  }

  answer = (level: Level, isGranted: boolean): void => this.#desk.answer(level, isGranted)

  say(text: string): void {
    if (this.#sharing?.isPrepared && !this.#isOver) this.#expert.say(text)
  }

  /** Before anything was shared: lets go without an end page. */
  abandon(reason: EndReason): void {
    this.#isOver = true
    this.#stopTimer()
    this.#service.leave(reason)
    this.#expert.close()
  }

  /** What touches the customer's device stops first and without the network [C5]. */
  stop(reason: EndReason, by: Role | null): Promise<unknown> {
    this.#isOver = true
    this.#stopTimer()
    this.#desk.close()
    const running = { sharing: this.#sharing, recording: this.#recording, expert: this.#expert }
    this.#stopped = stopSession(
      { ...running, service: this.#service, clock: this.#options.clock },
      reason,
      by,
    )
    return this.#stopped
  }

  #newExpertLine(secret: string): ExpertLine {
    const { clock, origin, rtc, window } = this.#options
    const { sessionId, card } = this.#joined
    const iceServers = () => this.#service.iceServers
    return new ExpertLine(
      { secret, sessionId, origin, card, iceServers, clock, rtc },
      {
        relay: (body) => this.#service.relay('expert', body),
        proved: () => void this.#proved(),
        linked: () => this.#lineChanged('linked'),
        lost: () => this.#lineChanged('lost'),
        back: () => this.#lineChanged('back'),
        drawn: (seq) => this.#sharing?.drawn(seq),
        asked: (level) => this.#desk.ask(level),
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
        permission: (permission) => this.#sharing?.permissionChanged(permission),
        failed: () => this.#events.end('no-recorder', null),
      },
    )
    if (this.#isOver || !this.#events.step({ t: 'proved' })) return
    this.#recording = recording
    recording.assign(this.#lease)
    recording.record('join', { t: 'join', who: 'customer', name: '' })
    recording.record('join', { t: 'join', who: 'expert', name: expertName(this.#card) })
    this.#desk.ask('view')
    this.#expert.tellStage('deciding')
  }

  #consentChanged(consent: Consent, happened: readonly ConsentEvent[]): void {
    for (const { event, level } of happened) {
      this.#recording!.record('consent', { t: 'consent', event, level })
      if (event === 'granted' || event === 'withdrawn') {
        this.#recording!.record('level', { t: 'level', level: consent.granted })
      }
      if (level !== 'view') continue
      if (event === 'granted') this.#share()
      if (event === 'declined') this.#events.end('declined', 'customer')
      if (event === 'expired') this.#events.end('ask-expired', null)
    }
    this.#tellState()
    this.#show()
  }

  #share(): void {
    if (!this.#events.step({ t: 'view-granted' })) return
    const { window, watermarkText } = this.#options
    window.show({ t: 'busy', what: 'preparing' })
    this.#limit(RECORDER_TIMEOUT_MS, 'no-recorder')
    this.#sharing = new Sharing(this.#options, this.#expert, this.#recording!, {
      prepared: () => {
        if (!this.#events.step({ t: 'prepared' })) return
        this.#limit(LINE_TIMEOUT_MS, 'no-connection')
        window.show({ t: 'busy', what: 'connecting' })
        this.#tellState()
      },
      changed: () => this.#show(),
      end: (reason) => this.#events.end(reason, null),
    })
    void this.#sharing.prepare({
      who: expertName(this.#card),
      what: watermarkText('view'),
      expertHolds: false,
    })
  }

  #lineChanged(change: 'linked' | 'lost' | 'back'): void {
    if (!this.#events.step({ t: change === 'lost' ? 'line-lost' : 'linked' })) return
    this.#sharing![change]()
    if (change === 'lost') this.#limit(LINE_TIMEOUT_MS, 'line-lost')
    else this.#stopTimer()
    this.#show()
  }

  #tellState(): void {
    const { granted, question } = this.#desk.consent
    this.#expert.tellState({
      level: granted,
      holder: 'customer',
      question: question?.level ?? null,
      recorder: this.#recording?.recorderName ?? '',
    })
  }

  #show(): void {
    if (this.#isOver) return
    const screen = sessionScreen({
      card: this.#card,
      policy: this.#policy,
      consent: this.#desk.consent,
      sharing: this.#sharing,
      permission: this.#recording!.permission,
      recorder: this.#recording!.recorderName,
      stopKeyName: this.#options.desktop.stopKeyName,
    })
    if (screen) this.#options.window.show(screen)
  }

  #limit(delayMs: number, reason: EndReason): void {
    this.#stopTimer()
    this.#stopTimer = this.#options.clock.after(delayMs, () => this.#events.end(reason, null))
  }
}
