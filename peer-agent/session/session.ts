import type { Consent, ConsentEvent } from '../../protocol/consent.ts'
import { ASK_LIFETIME_MS } from '../../protocol/consent.ts'
import type { CustomerEvent } from '../../protocol/customer-session.ts'
import type { EndReason } from '../../protocol/end-reason.ts'
import type { ExpertCard, ServicePolicy } from '../../protocol/identity.ts'
import type { PicturePermission } from '../../protocol/interlock.ts'
import type { Level, Role } from '../../protocol/level.ts'
import type { RecorderLease } from '../../protocol/messages/signaling.ts'
import type { LocalHands, Watermark } from '../desktop/port.ts'
import type { AgentOptions } from './agent.ts'
import { ConsentDesk } from './consent-desk.ts'
import { ExpertLine } from './expert-line.ts'
import { PictureFlow } from './picture-flow.ts'
import { Recording } from './recording.ts'
import type { Joined, ServiceLine } from './service-line.ts'
import { runShutdown } from './shutdown-run.ts'
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
  readonly #flow: PictureFlow
  #recording: Recording | undefined
  #lease: RecorderLease | null
  #watermark: Watermark | undefined
  #stopTimer: () => void = () => {}
  #line: 'up' | 'lost' = 'up'
  #isSharing = false
  #isOver = false
  #sinceMs = 0
  stopped: Promise<unknown> = Promise.resolve()

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
    this.#flow = new PictureFlow({
      send: (label, data) => this.#expert.send(label, data),
      handedOut: (capturedAtMs) => this.#recording?.handedOut(capturedAtMs),
      stills: (content, payload, isKeyframe, coversUntilMs) =>
        this.#recording?.stills(content, payload, isKeyframe, coversUntilMs),
      failed: () => events.end('capture-failed', null),
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

  relayed(from: Role, body: string): void {
    if (from === 'expert') this.#expert.receive(body)
    else if (from === 'recorder') this.#recording?.receive(body)
  }

  recorderAssigned(lease: RecorderLease | null): void {
    this.#lease = lease
    this.#recording?.assign(lease)
    this.#tellState()
  }

  /** Signaling works again: lines that could not be mended without it are tried at once. */
  reattached(): void {
    if (this.#isSharing) this.#expert.call()
  }

  answer(level: Level, isGranted: boolean): void {
    this.#desk.answer(level, isGranted)
  }

  say(text: string): void {
    if (this.#isSharing) this.#expert.say(text)
  }

  /** Before anything was shared: lets go without an end page. */
  abandon(reason: EndReason): void {
    this.#isOver = true
    this.#stopTimer()
    this.#service.leave(reason)
    this.#expert.close()
  }

  stop(reason: EndReason, by: Role | null): Promise<unknown> {
    this.#isOver = true
    this.#isSharing = false
    this.#stopTimer()
    this.#desk.close()
    this.stopped = runShutdown(
      {
        'stop-picture': () => this.#flow.stop(),
        'hide-watermark': () => this.#watermark?.close(),
        'close-recording': async () => {
          this.#recording?.record('end', { t: 'end', reason, by })
          await this.#recording?.close()
        },
        'tell-others': () => {
          this.#expert.sayBye(reason)
          this.#service.leave(reason)
        },
        'close-lines': async () => {
          // The goodbye is on its way; the expert's end closes the line, or the time does.
          await new Promise<void>((resolve) => this.#options.clock.after(300, resolve))
          this.#expert.close()
          this.#recording?.closeLine()
        },
      },
      this.#options.clock,
    )
    return this.stopped
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
        linked: () => this.#linked(),
        lost: () => this.#lost(),
        back: () => this.#back(),
        drawn: (seq) => this.#flow.drawn(seq),
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
    const recording = await Recording.begin(
      {
        sessionId: this.#joined.sessionId,
        policy: this.#policy,
        agentBuild,
        iceServers: () => this.#service.iceServers,
        clock,
        rtc,
      },
      {
        relay: (body) => this.#service.relay('recorder', body),
        permission: (permission) => this.#permissionChanged(permission),
        failed: () => this.#events.end('no-recorder', null),
      },
    )
    if (this.#isOver || !this.#events.step({ t: 'proved' })) return
    this.#recording = recording
    recording.assign(this.#lease)
    recording.record('join', { t: 'join', who: 'customer', name: '' })
    recording.record('join', { t: 'join', who: 'expert', name: this.#expertName })
    this.#desk.ask('view')
    this.#expert.tellStage('deciding')
  }

  #consentChanged(consent: Consent, happened: readonly ConsentEvent[]): void {
    for (const { event, level } of happened) {
      this.#recording!.record('consent', { t: 'consent', event, level })
      if (event === 'granted' || event === 'withdrawn') {
        this.#recording!.record('level', { t: 'level', level: consent.granted })
      }
      if (event === 'granted' && level === 'view') void this.#share()
      if (event === 'declined' && level === 'view') this.#events.end('declined', 'customer')
      if (event === 'expired' && level === 'view') this.#events.end('ask-expired', 'customer')
    }
    this.#tellState()
    this.#show()
  }

  /** *View* was granted: recorder and watermark first, then the line, then pixels [W1, R1]. */
  async #share(): Promise<void> {
    if (!this.#events.step({ t: 'view-granted' })) return
    const { clock, desktop, window, watermarkText, startPicture } = this.#options
    const recording = this.#recording!
    window.show({ t: 'busy', what: 'preparing' })
    this.#expert.tellStage(recording.isHeld ? 'granted' : 'waiting-for-recorder')
    this.#limit(RECORDER_TIMEOUT_MS, 'no-recorder')
    const picture = startPicture(this.#flow.pictureEvents)
    picture.then(
      (started) => (this.#isOver ? started.close() : this.#flow.start(started)),
      () => this.#events.end('capture-failed', null),
    )
    try {
      const content = { who: this.#expertName, what: watermarkText('view'), expertHolds: false }
      const watermark = await desktop.showWatermark(content)
      if (this.#isOver) return void watermark.close()
      this.#watermark = watermark
      watermark.onLost(() => this.#events.end('no-watermark', null))
    } catch {
      this.#events.end('no-watermark', null)
      return
    }
    await recording.durable(0)
    if (this.#isOver || !this.#events.step({ t: 'prepared' })) return
    window.show({ t: 'busy', what: 'connecting' })
    this.#expert.tellStage('granted')
    this.#isSharing = true
    this.#sinceMs = clock.now()
    this.#limit(LINE_TIMEOUT_MS, 'no-connection')
    this.#tellState()
    this.#permissionChanged(recording.permission)
    this.#expert.call()
  }

  #linked(): void {
    if (!this.#events.step({ t: 'linked' })) return
    this.#stopTimer()
    this.#line = 'up'
    this.#flow.linked()
    this.#show()
  }

  #lost(): void {
    if (!this.#events.step({ t: 'line-lost' })) return
    this.#line = 'lost'
    this.#flow.unlinked()
    this.#limit(LINE_TIMEOUT_MS, 'line-lost')
    this.#show()
  }

  #back(): void {
    if (!this.#events.step({ t: 'linked' })) return
    this.#stopTimer()
    this.#line = 'up'
    this.#flow.relinked()
    this.#show()
  }

  #permissionChanged(permission: PicturePermission): void {
    if (!this.#isSharing) return
    const isLive = permission.state === 'live'
    this.#flow.let(isLive)
    const picture = isLive
      ? ({ state: 'live' } as const)
      : ({ state: 'frozen', reason: permission.reason } as const)
    this.#expert.tellPicture(picture)
    this.#recording!.record('picture', { t: 'picture', ...picture })
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

  /** Draws what the customer sees now: a question first, then the running session. */
  #show(): void {
    if (this.#isOver) return
    const { window, desktop } = this.#options
    const { granted, question } = this.#desk.consent
    const expert = { name: this.#card.name, team: this.#card.team }
    if (question) {
      window.show({
        t: 'question',
        level: question.level,
        expert,
        operatorName: this.#policy.operatorName,
        retentionDays: this.#policy.retentionDays,
        expiresAtMs: question.askedAtMs + ASK_LIFETIME_MS,
      })
    } else if (this.#isSharing && granted) {
      const permission = this.#recording!.permission
      window.show({
        t: 'sharing',
        expert,
        level: granted,
        holder: 'customer',
        recorder: this.#recording!.recorderName,
        picture: permission.state,
        ...(permission.state === 'frozen' ? { pictureReason: permission.reason } : {}),
        line: this.#line,
        sinceMs: this.#sinceMs,
        stopKeyName: desktop.stopKeyName,
      })
    }
  }

  get #expertName(): string {
    return [this.#card.name, this.#card.team].filter((part) => part !== '').join(' · ')
  }

  #limit(delayMs: number, reason: EndReason): void {
    this.#stopTimer()
    this.#stopTimer = this.#options.clock.after(delayMs, () => this.#events.end(reason, null))
  }
}
