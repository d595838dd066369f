import type { Clock } from '../../peer/clock.ts'
import {
  type Consent,
  type ConsentEvent,
  type ConsentInput,
  consentDueAtMs,
  NO_CONSENT,
  stepConsent,
} from '../../protocol/consent.ts'
import type { Level } from '../../protocol/level.ts'
import type { LocalHands } from '../desktop/port.ts'

export interface ConsentDeskEvents {
  /** After every change, with what becomes a record [C7]. */
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

  ask(level: Level): void {
    this.#step({ t: 'ask', level, atMs: this.#clock.now() })
  }

  answer(level: Level, isGranted: boolean): void {
    const atMs = this.#clock.now()
    const ownPressAtMs = this.#hands.tellsInjectedApart
      ? atMs - (performance.now() - this.#hands.lastPressAtMs())
      : null
    this.#step({ t: 'answer', level, isGranted, atMs, ownPressAtMs })
  }

  /** From now on nothing is asked, and no answer counts. */
  close(): void {
    this.#isClosed = true
    this.#stopTimer()
  }

  #step(input: ConsentInput): void {
    if (this.#isClosed) return
    const step = stepConsent(this.#consent, input, this.#allowed)
    if ('refused' in step) {
      if (step.refused === 'answer-not-by-hand') this.#events.answerIgnored()
      return
    }
    this.#consent = step.consent
    this.#stopTimer()
    const dueAtMs = consentDueAtMs(step.consent)
    if (dueAtMs !== null) {
      const now = this.#clock.now()
      this.#stopTimer = this.#clock.after(Math.max(0, dueAtMs - now), () =>
        this.#step({ t: 'tick', atMs: Math.max(dueAtMs, this.#clock.now()) }),
      )
    }
    if (step.happened.length > 0) this.#events.changed(step.consent, step.happened)
  }
}
