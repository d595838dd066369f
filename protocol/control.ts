import type { Holder } from './level.ts'

/**
 * Who holds mouse and keyboard, and with it whether remote input may reach the system [K1, K2, K3]. The customer's
 * hands count at once; the expert holds again only after they have rested. All times are of one clock; where it is
 * set back the hands count as having moved just now.
 */

/** How long the customer's hands must rest, in ms; the customer may choose within the bounds [K3]. */
export const REST_MS = { usual: 2_000, least: 1_000, most: 5_000 } as const

export interface Control {
  readonly nowMs: number
  /** *control* or more is granted. */
  readonly isGranted: boolean
  /** A question is on the customer's screen [C3]. */
  readonly isAsked: boolean
  readonly isLineUp: boolean
  /** The expert sees the screen as it is: neither frozen nor hidden by the customer [R1, C5]. */
  readonly isPictureLive: boolean
  readonly restMs: number
  /** Buttons and keys the customer holds down. */
  readonly heldCount: number
  /** The customer's last own input; null before the first. */
  readonly handsAtMs: number | null
}

/** `nowMs` is the time of the event, read from the clock when it happened. */
export type ControlEvent = { readonly nowMs: number } & (
  | { readonly t: 'tick' }
  /** The customer moved, pressed or released; `heldCount` is how much they hold down now. */
  | { readonly t: 'hands'; readonly heldCount: number }
  | { readonly t: 'granted'; readonly isGranted: boolean }
  | { readonly t: 'asked'; readonly isAsked: boolean }
  | { readonly t: 'line'; readonly isUp: boolean }
  | { readonly t: 'picture'; readonly isLive: boolean }
  | { readonly t: 'rest'; readonly restMs: number }
)

/** Why the customer holds: the first of these that is so. */
export const CUSTOMER_HOLDS_BECAUSE = ['not-granted', 'line', 'question', 'picture', 'hands'] as const
export type CustomerHoldsBecause = (typeof CUSTOMER_HOLDS_BECAUSE)[number]

export type Holding =
  | { readonly holder: Extract<Holder, 'expert'> }
  | { readonly holder: Extract<Holder, 'customer'>; readonly because: CustomerHoldsBecause }

export const NO_CONTROL: Control = {
  nowMs: 0,
  isGranted: false,
  isAsked: false,
  isLineUp: false,
  isPictureLive: false,
  restMs: REST_MS.usual,
  heldCount: 0,
  handsAtMs: null,
}

export function stepControl(before: Control, event: ControlEvent): Control {
  const { nowMs } = event
  const isSetBack = nowMs < before.nowMs
  const state: Control = {
    ...before,
    nowMs,
    handsAtMs: isSetBack && before.handsAtMs !== null ? nowMs : before.handsAtMs,
  }
  switch (event.t) {
    case 'tick':
      return state
    case 'hands':
      return { ...state, heldCount: event.heldCount, handsAtMs: nowMs }
    case 'granted':
      return { ...state, isGranted: event.isGranted }
    case 'asked':
      return { ...state, isAsked: event.isAsked }
    case 'line':
      return { ...state, isLineUp: event.isUp }
    case 'picture':
      return { ...state, isPictureLive: event.isLive }
    case 'rest':
      return { ...state, restMs: Math.min(REST_MS.most, Math.max(REST_MS.least, event.restMs)) }
  }
}

/** Who holds at `nowMs`; ask with the clock's time, also between events. */
export function holding(state: Control, nowMs: number): Holding {
  const customer = (because: CustomerHoldsBecause): Holding => ({ holder: 'customer', because })
  if (!state.isGranted) return customer('not-granted')
  if (!state.isLineUp) return customer('line')
  if (state.isAsked) return customer('question')
  if (!state.isPictureLive) return customer('picture')
  if (state.heldCount > 0 || nowMs < restsUntilMs(state)) return customer('hands')
  return { holder: 'expert' }
}

/** When `tick` is due because rest alone changes who holds; null where it cannot. */
export function controlDueAtMs(state: Control): number | null {
  const isOnlyHands = holding(state, Number.POSITIVE_INFINITY).holder === 'expert'
  return isOnlyHands && state.nowMs < restsUntilMs(state) ? restsUntilMs(state) : null
}

function restsUntilMs({ handsAtMs, restMs }: Control): number {
  return handsAtMs === null ? Number.NEGATIVE_INFINITY : handsAtMs + restMs
}
