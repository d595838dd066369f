import type { Clock } from '../../peer/clock.ts'
import {
  askableLevels,
  type Consent,
  type ConsentEvent,
  type ConsentInput,
  consentDueAtMs,
  type LevelEnd,
  NO_CONSENT,
  PRESS_WINDOW_MS,
  stepConsent,
} from '../../protocol/consent.ts'
import type { Level, Subject } from '../../protocol/level.ts'
import type { LocalHands } from '../desktop/port.ts'

export interface ConsentDeskEvents {
  /** After every change, with what becomes a record [C7]; with nothing where only what may be asked has changed. */
  changed(consent: Consent, happened: readonly ConsentEvent[]): void
  /** The answer was not by the customer's own hand, or too early: the question stands [C4]. */
  answerIgnored(): void
}

/** Where the customer's decisions are taken: the one authority on what is granted. */
export class ConsentDesk {
  readonly #allowed: readonly Level[]
  readonly #clock: Clock
  readonly #hands: LocalHands
  readonly #events: ConsentDeskEvents
  #consent: Consent = NO_CONSENT
  #isClosed = false
  #stopTimer: () => void = () => {}

  constructor(allowed: readonly Level[], clock: Clock, hands: LocalHands, events: ConsentDeskEvents) {
    this.#allowed = allowed
    this.#clock = clock
    this.#hands = hands
    this.#events = events
  }

  get consent(): Consent {
    return this.#consent
  }

  /** The levels an `ask` would be taken for now [C6]. */
  get askable(): readonly Level[] {
    return askableLevels(this.#consent, this.#allowed, this.#clock.now())
  }

  ask(level: Level): void {
    this.#step({ t: 'ask', level, atMs: this.#clock.now() })
  }

  answer(subject: Subject, isGranted: boolean): void {
    const atMs = this.#clock.now()
    this.#step({ t: 'answer', subject, isGranted, atMs, ownPressAtMs: this.#ownPressAtMs(atMs) })
  }

  endLevel(level: Level, how: LevelEnd): void {
    this.#step({ t: 'end-level', level, how, atMs: this.#clock.now() })
  }

  /** Whether what the window just told was done by the customer's own hand, as far as the system can tell [C4]. */
  wasByHand(): boolean {
    const nowMs = this.#clock.now()
    const ownPressAtMs = this.#ownPressAtMs(nowMs)
    const isByHand = ownPressAtMs === null || nowMs - ownPressAtMs <= PRESS_WINDOW_MS
    if (!isByHand) this.#events.answerIgnored()
    return isByHand
  }

  /** From now on nothing is asked, and no answer counts. */
  close(): void {
    this.#isClosed = true
    this.#stopTimer()
  }

  #ownPressAtMs(nowMs: number): number | null {
    if (!this.#hands.tellsInjectedApart) return null
    return nowMs - (this.#clock.steadyMs() - this.#hands.lastPressAtMs())
  }

  #step(input: ConsentInput): void {
    if (this.#isClosed) return
    const step = stepConsent(this.#consent, input, this.#allowed)
    if ('refused' in step) {
      if (step.refused === 'answer-not-by-hand') this.#events.answerIgnored()
      return
    }
    this.#consent = step.consent
    this.#setTimer()
    const isQuietOver = input.t === 'tick' && step.happened.length === 0
    if (step.happened.length > 0 || isQuietOver) this.#events.changed(step.consent, step.happened)
  }

  #setTimer(): void {
    this.#stopTimer()
    const nowMs = this.#clock.now()
    const { quietUntilMs } = this.#consent
    const dueAtMs = Math.min(
      consentDueAtMs(this.#consent) ?? Number.POSITIVE_INFINITY,
      quietUntilMs > nowMs ? quietUntilMs : Number.POSITIVE_INFINITY,
    )
    if (dueAtMs === Number.POSITIVE_INFINITY) return
    this.#stopTimer = this.#clock.after(Math.max(0, dueAtMs - nowMs), () =>
      this.#step({ t: 'tick', atMs: Math.max(dueAtMs, this.#clock.now()) }),
    )
  }
}
