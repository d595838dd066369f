/**
 * What time the recorder believes it is. A wall clock can be set wrong, and a deletion cannot be taken back [R6], so a
 * wall clock counts only as far as a steady clock bears it out. Pure: state and readings are values.
 *
 * All offsets are "wall minus steady": while nobody sets the wall clock, that difference stays the same. Invariant: the
 * time believed never exceeds `highMs`, and `lowMs` is never later than the true time, where every wall clock that was
 * believed was right.
 */
export interface Reading {
  readonly wallMs: number
  /** Of a clock that nobody can set and that counts while the machine sleeps; starts anew at each boot. */
  readonly steadyMs: number
  /** Differs where `steadyMs` has started anew. */
  readonly bootId: string
}

interface Measured {
  readonly bootId: string
  /** Of the newest reading. */
  readonly steadyMs: number
  readonly offsetMs: number
  /** What is certain: below it the wall clock is wrong. */
  readonly lowMs: number
}

/** The span since the first belief is measured, or was believed before. */
export interface Running extends Measured {
  readonly t: 'running'
  /** The farthest that was ever believed. */
  readonly highMs: number
  readonly doubt: Doubt | null
}

/** After a boot: how long the machine was off, only the wall clock can say. */
export interface Returning extends Measured {
  readonly t: 'returning'
  /** How long an absence is believed without a person. */
  readonly creditMs: number
  /** A wall clock that may be right, since this steady time. */
  readonly candidate: { readonly offsetMs: number; readonly sinceMs: number } | null
  readonly doubt: Doubt | null
}

/** The wall clock is not believed: it is later than can be, or earlier; `byMs` from what is believed. */
export interface Doubt {
  readonly t: 'ahead' | 'behind'
  readonly byMs: number
}

export type Belief = Running | Returning

/** Corrections of this size happen; all of them together, not each. */
export const TOLERANCE_MS = 2 * 60_000
/**
 * A machine was off for a long weekend, or a week's holiday: that nobody should have to confirm. A clock that is wrong
 * after a boot is wrong by hours (a time zone), which costs little of 90 days, or by years (an empty battery).
 */
export const CREDIT_MS = 7 * 24 * 60 * 60_000
/** After a boot a wall clock has to stand for so long before anything is deleted by it: time for NTP to correct it. */
export const SETTLE_MS = 10 * 60_000

/** @param before null where nothing is known: then there is nothing but the wall clock to go by */
export function believe(before: Belief | null, reading: Reading): Belief {
  if (!before) return confirm(reading)
  const isNewBoot = reading.bootId !== before.bootId || reading.steadyMs < before.steadyMs
  const belief = isNewBoot ? afterBoot(before, reading) : { ...before, steadyMs: reading.steadyMs }
  return belief.t === 'running' ? run(belief, reading) : settle(belief, reading)
}

/** A person said that the wall clock is right, or there was nothing before it. */
export function confirm({ wallMs, steadyMs, bootId }: Reading): Running {
  const offsetMs = wallMs - steadyMs
  return { t: 'running', bootId, steadyMs, offsetMs, lowMs: offsetMs, highMs: offsetMs, doubt: null }
}

/** All that is known is a moment that has been, for example when the newest recording began. */
export function since(pastMs: number, { steadyMs, bootId }: Reading): Returning {
  const offsetMs = pastMs - steadyMs
  const rest = { creditMs: CREDIT_MS, candidate: null, doubt: null }
  return { t: 'returning', bootId, steadyMs, offsetMs, lowMs: offsetMs, ...rest }
}

/** The time to delete by: never later than the true time, but for what `TOLERANCE_MS` and `CREDIT_MS` allow. */
export function certainMs({ steadyMs, offsetMs }: Belief): number {
  return steadyMs + offsetMs
}

/** The time to date by: after a boot it takes a wall clock that may be right, though nothing is deleted by it yet. */
export function likelyMs(belief: Belief): number {
  const candidateMs = belief.t === 'returning' ? belief.candidate?.offsetMs : undefined
  return belief.steadyMs + Math.max(candidateMs ?? belief.offsetMs, belief.offsetMs)
}

function run(belief: Running, { wallMs, steadyMs }: Reading): Running {
  const offsetMs = wallMs - steadyMs
  const doubt = doubtOf(belief, offsetMs, belief.highMs)
  return doubt ? { ...belief, doubt } : { ...belief, doubt, offsetMs }
}

function settle(belief: Returning, { wallMs, steadyMs }: Reading): Belief {
  const offsetMs = wallMs - steadyMs
  const doubt = doubtOf(belief, offsetMs, belief.lowMs + belief.creditMs)
  if (doubt) return { ...belief, doubt, candidate: null }
  const { candidate, bootId, lowMs } = belief
  if (!candidate || Math.abs(offsetMs - candidate.offsetMs) > TOLERANCE_MS)
    return { ...belief, doubt, candidate: { offsetMs, sinceMs: steadyMs } }
  if (steadyMs - candidate.sinceMs < SETTLE_MS) return { ...belief, doubt }
  const highMs = Math.max(lowMs, candidate.offsetMs)
  return run(
    { t: 'running', bootId, steadyMs, offsetMs: highMs, lowMs, highMs, doubt },
    { wallMs, steadyMs, bootId },
  )
}

/** The steady clock of the new boot has run at least since it began; what was before it is at least what was believed. */
function afterBoot(before: Belief, { bootId, steadyMs }: Reading): Returning {
  const lowMs = certainMs(before)
  // A clock that was wrong before the boot has not become right by it.
  const creditMs = before.doubt?.t === 'ahead' ? 0 : CREDIT_MS
  return { t: 'returning', bootId, steadyMs, offsetMs: lowMs, lowMs, creditMs, candidate: null, doubt: null }
}

function doubtOf(belief: Belief, offsetMs: number, highMs: number): Doubt | null {
  const byMs = Math.abs(offsetMs - belief.offsetMs)
  if (offsetMs > highMs + TOLERANCE_MS) return { t: 'ahead', byMs }
  return offsetMs < belief.lowMs - TOLERANCE_MS ? { t: 'behind', byMs } : null
}
