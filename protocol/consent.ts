import { includesLevel, type Level } from './level.ts'
import type { RefusalCode } from './refusals.ts'

/** An unanswered question counts as declined after this time [C2]. */
export const ASK_LIFETIME_MS = 60_000
/** A consent button is inert for this long after it appeared [C4]. */
export const INERT_MS = 700
/** How long before an answer the customer's own press of key or button may have been [C4]. */
export const PRESS_WINDOW_MS = 1_500

export interface Question {
  readonly level: Level
  readonly askedAtMs: number
}

/** What the customer has granted, and what they are being asked now. Authority lies with the agent alone. */
export interface Consent {
  readonly granted: Level | null
  readonly question: Question | null
}

export const NO_CONSENT: Consent = { granted: null, question: null }

export type ConsentInput =
  | { readonly t: 'ask'; readonly level: Level; readonly atMs: number }
  | {
      readonly t: 'answer'
      readonly level: Level
      readonly isGranted: boolean
      readonly atMs: number
      /** Last press or release by the customer's own hands; null where the system cannot tell it from injected. */
      readonly ownPressAtMs: number | null
    }
  /** The customer takes the level back, and with it every level above. */
  | { readonly t: 'withdraw'; readonly level: Level; readonly atMs: number }
  | { readonly t: 'tick'; readonly atMs: number }

/** What becomes a record [C7]. */
export interface ConsentEvent {
  readonly event: 'asked' | 'granted' | 'declined' | 'withdrawn' | 'expired'
  readonly level: Level
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
    case 'withdraw':
      return withdraw(consent, input.level)
    case 'tick':
      return expire(consent, input.atMs)
  }
}

/** When `tick` is due, or null where nothing can expire. */
export function consentDueAtMs(consent: Consent): number | null {
  return consent.question ? consent.question.askedAtMs + ASK_LIFETIME_MS : null
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
  return {
    consent: { ...consent, question: { level, askedAtMs: atMs } },
    happened: [{ event: 'asked', level }],
  }
}

function answer(consent: Consent, input: Extract<ConsentInput, { t: 'answer' }>): ConsentStep {
  const { question, granted } = consent
  const { level, isGranted, atMs, ownPressAtMs } = input
  if (question?.level !== level) return { refused: 'wrong-state' }
  if (atMs >= question.askedAtMs + ASK_LIFETIME_MS) return { refused: 'wrong-state' }
  const activeFromMs = question.askedAtMs + INERT_MS
  // Declining is always safe; only a grant must be the customer's own doing.
  if (isGranted && atMs < activeFromMs) return { refused: 'answer-not-by-hand' }
  if (isGranted && ownPressAtMs !== null) {
    const isByHand = ownPressAtMs >= activeFromMs && atMs - ownPressAtMs <= PRESS_WINDOW_MS
    if (!isByHand) return { refused: 'answer-not-by-hand' }
  }
  return isGranted
    ? { consent: { granted: level, question: null }, happened: [{ event: 'granted', level }] }
    : { consent: { granted, question: null }, happened: [{ event: 'declined', level }] }
}

function withdraw(consent: Consent, level: Level): ConsentStep {
  if (!includesLevel(consent.granted, level)) return { refused: 'wrong-state' }
  return {
    consent: { granted: BELOW[level], question: null },
    happened: [{ event: 'withdrawn', level }],
  }
}

function expire(consent: Consent, atMs: number): ConsentStep {
  const { question, granted } = consent
  if (!question || atMs < question.askedAtMs + ASK_LIFETIME_MS) return { consent, happened: [] }
  return { consent: { granted, question: null }, happened: [{ event: 'expired', level: question.level }] }
}
