import { includesLevel, type Level, type Subject } from './level.ts'
import type { RefusalCode } from './refusals.ts'

/** An unanswered question about a level counts as declined after this time [C2]. */
export const ASK_LIFETIME_MS = 60_000
/** So long after the customer last agreed they are asked whether the session goes on [C8]. */
export const GO_ON_AFTER_MS = 30 * 60_000
/** No answer to that question within this time ends the session [C8]. */
export const GO_ON_LIFETIME_MS = 2 * 60_000
/** A consent button is inert for this long after it appeared [C4]. */
export const INERT_MS = 700
/** How long before an answer the customer's own press of key or button may have been [C4]. */
export const PRESS_WINDOW_MS = 1_500
/** After a no, no level can be asked for this long: whoever declined is not to be worn down. */
export const QUIET_MS = 15_000

export interface Question {
  readonly subject: Subject
  readonly askedAtMs: number
}

/** What the customer has granted, and what they are being asked now. Authority lies with the agent alone. */
export interface Consent {
  readonly granted: Level | null
  readonly question: Question | null
  /** When the customer last agreed to the session as such: to *view*, or to go on; null before. */
  readonly agreedAtMs: number | null
  /** No level can be asked before this time. */
  readonly quietUntilMs: number
}

export const NO_CONSENT: Consent = {
  granted: null,
  question: null,
  agreedAtMs: null,
  quietUntilMs: Number.NEGATIVE_INFINITY,
}

export type ConsentInput =
  | { readonly t: 'ask'; readonly level: Level; readonly atMs: number }
  | {
      readonly t: 'answer'
      readonly subject: Subject
      readonly isGranted: boolean
      readonly atMs: number
      /** Last press or release by the customer's own hands; null where the system cannot tell it from injected. */
      readonly ownPressAtMs: number | null
    }
  /** A level ends, and with it every level above. */
  | { readonly t: 'end-level'; readonly level: Level; readonly how: LevelEnd; readonly atMs: number }
  | { readonly t: 'tick'; readonly atMs: number }

/** `withdrawn` by the customer, `returned` by the expert, `lapsed` with the line [S4]. */
export type LevelEnd = 'withdrawn' | 'returned' | 'lapsed'
export const CONSENT_EVENTS = [
  'asked',
  'granted',
  'declined',
  'expired',
  'withdrawn',
  'returned',
  'lapsed',
] as const

/** What becomes a record [C7]. */
export interface ConsentEvent {
  readonly event: (typeof CONSENT_EVENTS)[number]
  readonly subject: Subject
}

export type ConsentStep =
  | { readonly consent: Consent; readonly happened: readonly ConsentEvent[] }
  | { readonly refused: RefusalCode | 'answer-not-by-hand' }

const BELOW: Record<Level, Level | null> = { view: null, control: 'view', admin: 'control' }

/** @param allowed the levels this service lets be granted at all; it narrows, never widens [C6] */
export function stepConsent(consent: Consent, input: ConsentInput, allowed: readonly Level[]): ConsentStep {
  switch (input.t) {
    case 'ask':
      return ask(consent, input, allowed)
    case 'answer':
      return answer(consent, input)
    case 'end-level':
      return endLevel(consent, input)
    case 'tick':
      return tick(consent, input.atMs)
  }
}

/** When `tick` is due, or null where nothing happens by itself. */
export function consentDueAtMs({ question, agreedAtMs }: Consent): number | null {
  if (question) return questionEndsAtMs(question)
  return agreedAtMs === null ? null : agreedAtMs + GO_ON_AFTER_MS
}

export function questionEndsAtMs({ subject, askedAtMs }: Question): number {
  return askedAtMs + (subject === 'go-on' ? GO_ON_LIFETIME_MS : ASK_LIFETIME_MS)
}

/** The levels an `ask` would be taken for now. */
export function askableLevels(consent: Consent, allowed: readonly Level[], atMs: number): readonly Level[] {
  return allowed.filter((level) => !('refused' in ask(consent, { t: 'ask', level, atMs }, allowed)))
}

function ask(
  consent: Consent,
  input: Extract<ConsentInput, { t: 'ask' }>,
  allowed: readonly Level[],
): ConsentStep {
  const { level, atMs } = input
  if (!allowed.includes(level)) return { refused: 'not-allowed' }
  if (consent.question || includesLevel(consent.granted, level)) return { refused: 'wrong-state' }
  // Levels are asked one by one: none is implied by another [C2].
  if (BELOW[level] !== consent.granted) return { refused: 'wrong-state' }
  if (atMs < consent.quietUntilMs) return { refused: 'slow-down' }
  return {
    consent: { ...consent, question: { subject: level, askedAtMs: atMs } },
    happened: [{ event: 'asked', subject: level }],
  }
}

function answer(consent: Consent, input: Extract<ConsentInput, { t: 'answer' }>): ConsentStep {
  const { question } = consent
  const { subject, isGranted, atMs, ownPressAtMs } = input
  if (question?.subject !== subject) return { refused: 'wrong-state' }
  if (atMs >= questionEndsAtMs(question)) return { refused: 'wrong-state' }
  const activeFromMs = question.askedAtMs + INERT_MS
  // Declining is always safe; only a grant must be the customer's own doing.
  if (isGranted && atMs < activeFromMs) return { refused: 'answer-not-by-hand' }
  if (isGranted && ownPressAtMs !== null) {
    const isByHand = ownPressAtMs >= activeFromMs && atMs - ownPressAtMs <= PRESS_WINDOW_MS
    if (!isByHand) return { refused: 'answer-not-by-hand' }
  }
  if (!isGranted) return { consent: quiet(consent, atMs), happened: [{ event: 'declined', subject }] }
  const isAboutSession = subject === 'view' || subject === 'go-on'
  return {
    consent: {
      ...consent,
      granted: subject === 'go-on' ? consent.granted : subject,
      question: null,
      agreedAtMs: isAboutSession ? atMs : consent.agreedAtMs,
    },
    happened: [{ event: 'granted', subject }],
  }
}

/** The question is off the screen, and the next may not follow at once. */
function quiet(consent: Consent, atMs: number): Consent {
  return { ...consent, question: null, quietUntilMs: atMs + QUIET_MS }
}

function endLevel(consent: Consent, input: Extract<ConsentInput, { t: 'end-level' }>): ConsentStep {
  const { granted, question } = consent
  const { level, how, atMs } = input
  if (!includesLevel(granted, level)) return { refused: 'wrong-state' }
  const ended = { ...consent, granted: BELOW[level] }
  const happened: readonly ConsentEvent[] = [{ event: how, subject: level }]
  // A level that built on this one can no longer be granted; whether to go on can.
  if (!question || question.subject === 'go-on') return { consent: ended, happened }
  return {
    consent: quiet(ended, atMs),
    happened: [...happened, { event: 'declined', subject: question.subject }],
  }
}

function tick(consent: Consent, atMs: number): ConsentStep {
  const { question, agreedAtMs } = consent
  if (question) {
    if (atMs < questionEndsAtMs(question)) return { consent, happened: [] }
    return { consent: quiet(consent, atMs), happened: [{ event: 'expired', subject: question.subject }] }
  }
  if (agreedAtMs === null || atMs < agreedAtMs + GO_ON_AFTER_MS) return { consent, happened: [] }
  return {
    consent: { ...consent, question: { subject: 'go-on', askedAtMs: atMs } },
    happened: [{ event: 'asked', subject: 'go-on' }],
  }
}
