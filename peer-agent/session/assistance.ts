import type { Consent, ConsentEvent } from '../../protocol/consent.ts'
import type { CustomerEvent } from '../../protocol/customer-session.ts'
import type { EndReason } from '../../protocol/end-reason.ts'
import type { ExpertCard, ServicePolicy } from '../../protocol/identity.ts'
import { includesLevel, type Level, type Role } from '../../protocol/level.ts'
import { ClipboardDesk } from '../control/clipboard-desk.ts'
import { Steering } from '../control/steering.ts'
import type { LocalHands } from '../desktop/port.ts'
import type { FilmSender } from '../picture/film-sender.ts'
import type { FromWindow } from '../window/view.ts'
import type { AgentOptions } from './agent.ts'
import { ConsentDesk } from './consent-desk.ts'
import type { ExpertLine } from './expert-line.ts'
import type { Recording } from './recording.ts'
import { markContent, type SessionFacts, sessionScreen, sharingState } from './screens.ts'
import { Sharing } from './sharing.ts'

/** Longest wait for a recorder's first acknowledgement after the customer agreed. */
const RECORDER_TIMEOUT_MS = 15_000
/** Longest wait for the first link, and for a lost line to come back. */
const LINE_TIMEOUT_MS = 60_000

export interface SessionEvents {
  /** Returns false where the life cycle refuses. */
  step(event: CustomerEvent): boolean
  end(reason: EndReason, by: Role | null): void
}

/** Who helps, under which policy, and what a session needs that outlives it. */
export interface AssistanceParts {
  readonly options: AgentOptions
  readonly policy: ServicePolicy
  readonly card: ExpertCard
  readonly allowedLevels: readonly Level[]
  readonly hands: LocalHands
  readonly expert: ExpertLine
  readonly recording: Recording
  readonly film: Pick<FilmSender, 'push' | 'setRate'>
}

/** One session once both ends are proved: what the customer grants, and what follows from it on this device. */
export class Assistance {
  readonly steering: Steering
  readonly clipboard: ClipboardDesk
  readonly #parts: AssistanceParts
  readonly #events: SessionEvents
  readonly #desk: ConsentDesk
  #sharing: Sharing | undefined
  /** *control* was granted when the line was lost: once it is back the customer is asked anew [S4]. */
  #hadControl = false
  #isOver = false
  #stopTimer: () => void = () => {}

  constructor(parts: AssistanceParts, events: SessionEvents) {
    this.#parts = parts
    this.#events = events
    this.#desk = new ConsentDesk(parts.allowedLevels, parts.options.clock, parts.hands, {
      changed: (consent, happened) => this.#consentChanged(consent, happened),
      answerIgnored: () => parts.options.window.answerIgnored(),
    })
    this.steering = this.#newSteering()
    this.clipboard = this.#newClipboard()
  }

  /** The first question: may the expert see the screen? */
  begin(): void {
    this.#desk.ask('view')
    this.#parts.expert.tellStage('deciding')
  }

  get isPrepared(): boolean {
    return this.#sharing?.isPrepared ?? false
  }

  get sharing(): Sharing | undefined {
    return this.#sharing
  }

  /** The expert asks the customer for a level. */
  ask(level: Level): void {
    this.#desk.ask(level)
  }

  /** The expert needs a level no longer. */
  giveBack(level: Level): void {
    this.#desk.endLevel(level, 'returned')
  }

  /** What the customer did in their window. What narrows counts in any case, what widens only by their own hand [C4]. */
  act(action: FromWindow): void {
    if (this.#isOver) return
    switch (action.t) {
      case 'answer':
        this.#desk.answer(action.subject, action.granted)
        break
      case 'withdraw':
        this.#desk.endLevel(action.level, 'withdrawn')
        break
      case 'hide':
        if (action.isHidden || this.#desk.wasByHand()) this.#hide(action.isHidden)
        break
      case 'rest':
        this.#setRest(action.seconds * 1_000)
        break
      case 'clipboard':
        if (!action.isOn || this.#desk.wasByHand()) this.clipboard.switch(action.isOn)
        break
      case 'clipboard-answer':
        if (!action.isGiven || this.#desk.wasByHand()) this.clipboard.answer(action.isGiven)
        break
      case 'chat':
        if (this.#sharing?.isPrepared) this.#parts.expert.say(action.text)
    }
  }

  permissionChanged(): void {
    this.#sharing?.permissionChanged(this.#parts.recording.permission)
  }

  lineChanged(change: 'linked' | 'lost' | 'back'): void {
    if (!this.#events.step({ t: change === 'lost' ? 'line-lost' : 'linked' })) return
    this.steering.line(change !== 'lost')
    this.#sharing![change]()
    if (change === 'lost') {
      this.#limit(LINE_TIMEOUT_MS, 'line-lost')
      this.#hadControl ||= includesLevel(this.#desk.consent.granted, 'control')
      this.#desk.endLevel('control', 'lapsed')
    } else {
      this.#stopTimer()
      if (this.#hadControl) this.#desk.ask('control')
      this.#hadControl = false
    }
    this.tell()
  }

  /** Everybody is told of what has changed: the expert's page, the mark, the customer's window. */
  tell(): void {
    if (this.#isOver) return
    const facts = this.#facts()
    this.#parts.expert.tellState(sharingState(facts))
    this.#sharing?.remark(markContent(facts, this.#parts.options.watermarkText))
    const screen = sessionScreen(facts)
    if (screen) this.#parts.options.window.show(screen)
  }

  /** From here on nothing is asked, and no answer counts. */
  close(): void {
    this.#isOver = true
    this.#stopTimer()
    this.#desk.close()
  }

  #newSteering(): Steering {
    const { options, hands, card } = this.#parts
    const { desktop, clock, startGate, pointerLabel } = options
    const steering = { desktop, hands, clock, startGate, pointerLabel: pointerLabel(card.name) }
    return new Steering(steering, {
      changed: () => this.tell(),
      stretch: (stretch) => void this.#parts.recording.record('holder', stretch),
      shielded: () => this.#parts.expert.tellShielded(),
      unable: () => this.#desk.endLevel('control', 'lapsed'),
      flooded: () => this.#events.end('protocol-error', 'expert'),
    })
  }

  #newClipboard(): ClipboardDesk {
    const { desktop, clock } = this.#parts.options
    return new ClipboardDesk(desktop, clock, {
      send: (text) => this.#parts.expert.sendClipboard(text),
      isAllowed: () => includesLevel(this.#desk.consent.granted, 'control') && !this.#desk.consent.question,
      moved: (from, length) =>
        void this.#parts.recording.record('clipboard', { t: 'clipboard', from, length }),
      changed: () => this.tell(),
    })
  }

  #consentChanged(consent: Consent, happened: readonly ConsentEvent[]): void {
    // First of all: while a question stands, and without the grant, nothing may be injected [C3, K1].
    this.steering.consent(includesLevel(consent.granted, 'control'), consent.question !== null)
    if (!includesLevel(consent.granted, 'control')) this.clipboard.drop()
    for (const { event, subject } of happened) {
      this.#parts.recording.record('consent', { t: 'consent', event, subject })
      const isLevelChanged = !['asked', 'declined', 'expired'].includes(event) && subject !== 'go-on'
      if (isLevelChanged) this.#parts.recording.record('level', { t: 'level', level: consent.granted })
      if (subject === 'view' && event === 'granted') this.#share()
      if (subject === 'view' && event === 'declined') this.#events.end('declined', 'customer')
      if (subject === 'view' && event === 'expired') this.#events.end('ask-expired', null)
      if (subject === 'go-on' && event === 'declined') this.#events.end('customer-ended', 'customer')
      if (subject === 'go-on' && event === 'expired') this.#events.end('consent-lapsed', null)
    }
    this.tell()
  }

  #share(): void {
    if (!this.#events.step({ t: 'view-granted' })) return
    const { window } = this.#parts.options
    window.show({ t: 'busy', what: 'preparing' })
    this.#limit(RECORDER_TIMEOUT_MS, 'no-recorder')
    this.#sharing = new Sharing(this.#parts.options, this.#parts, {
      prepared: () => {
        if (!this.#events.step({ t: 'prepared' })) return
        this.#limit(LINE_TIMEOUT_MS, 'no-connection')
        window.show({ t: 'busy', what: 'connecting' })
        this.tell()
      },
      pictureChanged: (isLive) => {
        this.steering.picture(isLive)
        this.tell()
      },
      end: (reason) => this.#events.end(reason, null),
    })
    void this.#sharing.prepare(markContent(this.#facts(), this.#parts.options.watermarkText))
  }

  #setRest(restMs: number): void {
    if (restMs >= this.steering.restMs || this.#desk.wasByHand()) this.steering.setRest(restMs)
    // Told in any case: a choice that did not count must not stay on the screen.
    this.tell()
  }

  #hide(isHidden: boolean): void {
    // The gate shuts before the picture does: nothing may be done to a screen that is not seen.
    if (isHidden) this.steering.picture(false)
    this.#sharing?.hide(isHidden)
  }

  #facts(): SessionFacts {
    return {
      card: this.#parts.card,
      policy: this.#parts.policy,
      consent: this.#desk.consent,
      askable: this.#desk.askable,
      sharing: this.#sharing,
      permission: this.#parts.recording.permission,
      holding: this.steering.holding,
      restMs: this.steering.restMs,
      clipboard: this.clipboard.facts,
      takesCtrlAltDel: this.steering.takesCtrlAltDel,
      recorder: this.#parts.recording.recorderName,
      stopKeyName: this.#parts.options.desktop.stopKeyName,
    }
  }

  #limit(delayMs: number, reason: EndReason): void {
    this.#stopTimer()
    this.#stopTimer = this.#parts.options.clock.after(delayMs, () => this.#events.end(reason, null))
  }
}
