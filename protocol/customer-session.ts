import type { EndReason } from './end-reason.ts'
import type { Role } from './level.ts'
import type { NumberProblem } from './number.ts'
import type { RefusalCode } from './refusals.ts'

/** Why the customer is asked for a number again. */
export type NumberScreenProblem = NumberProblem | RefusalCode | EndReason | 'no-service'

/** The customer's side of one session. Each arm has only what exists then. */
export type CustomerSession =
  /** No session: the customer is to type the number. */
  | { readonly phase: 'entering-number'; readonly problem?: NumberScreenProblem }
  /** The nameplate is on its way to the server, which burns it. */
  | { readonly phase: 'joining' }
  /** Both ends prove that they hold the same secret. */
  | { readonly phase: 'proving' }
  /** The customer knows who it is and decides about *view*. */
  | { readonly phase: 'asking' }
  /** Granted; the recorder's first acknowledgement and the watermark are awaited. */
  | { readonly phase: 'preparing' }
  /** Recorder and watermark stand; the link to the expert is being made. */
  | { readonly phase: 'connecting' }
  /** The expert sees the screen, or will again when the line is back. */
  | { readonly phase: 'sharing'; readonly line: 'up' | 'lost' }
  | { readonly phase: 'ended'; readonly reason: EndReason; readonly by: Role | null }

export type CustomerEvent =
  | { readonly t: 'number-entered' }
  | { readonly t: 'refused'; readonly problem: NumberScreenProblem }
  | { readonly t: 'joined' }
  | { readonly t: 'proved' }
  | { readonly t: 'view-granted' }
  | { readonly t: 'prepared' }
  | { readonly t: 'linked' }
  | { readonly t: 'line-lost' }
  | { readonly t: 'ended'; readonly reason: EndReason; readonly by: Role | null }

/** Null where the event has no meaning in this phase: the caller ignores it, or refuses whoever sent it. */
export function stepCustomerSession(state: CustomerSession, event: CustomerEvent): CustomerSession | null {
  switch (event.t) {
    case 'number-entered':
      return state.phase === 'entering-number' ? { phase: 'joining' } : null
    case 'refused':
      // Until the proof stands there was no session worth an end: the customer just gets another try.
      return state.phase === 'entering-number' || state.phase === 'joining' || state.phase === 'proving'
        ? { phase: 'entering-number', problem: event.problem }
        : null
    case 'joined':
      return state.phase === 'joining' ? { phase: 'proving' } : null
    case 'proved':
      return state.phase === 'proving' ? { phase: 'asking' } : null
    case 'view-granted':
      return state.phase === 'asking' ? { phase: 'preparing' } : null
    case 'prepared':
      return state.phase === 'preparing' ? { phase: 'connecting' } : null
    case 'linked':
      return state.phase === 'connecting' || state.phase === 'sharing'
        ? { phase: 'sharing', line: 'up' }
        : null
    case 'line-lost':
      return state.phase === 'sharing' ? { phase: 'sharing', line: 'lost' } : null
    case 'ended':
      return state.phase === 'ended' ? null : { phase: 'ended', reason: event.reason, by: event.by }
  }
}
