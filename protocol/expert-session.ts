import type { EndReason } from './end-reason.ts'
import type { Role } from './level.ts'
import type { RefusalCode } from './refusals.ts'

/** The expert's side of one session. */
export type ExpertSessionState =
  | { readonly phase: 'idle'; readonly problem?: RefusalCode | EndReason }
  /** The server is asked for a nameplate. */
  | { readonly phase: 'opening' }
  /** The number is shown and read out. */
  | { readonly phase: 'waiting'; readonly number: string; readonly expiresAtMs: number }
  | { readonly phase: 'proving' }
  /** The customer reads who it is and decides. */
  | { readonly phase: 'deciding' }
  | { readonly phase: 'connecting'; readonly waitingForRecorder: boolean }
  | { readonly phase: 'watching'; readonly line: 'up' | 'lost' }
  | { readonly phase: 'ended'; readonly reason: EndReason; readonly by: Role | null }

export type ExpertEvent =
  | { readonly t: 'new-session' }
  | { readonly t: 'opened'; readonly number: string; readonly expiresAtMs: number }
  | { readonly t: 'refused'; readonly code: RefusalCode }
  | { readonly t: 'customer-joined' }
  | { readonly t: 'proved' }
  | { readonly t: 'deciding' }
  | { readonly t: 'granted'; readonly waitingForRecorder: boolean }
  | { readonly t: 'linked' }
  | { readonly t: 'line-lost' }
  | { readonly t: 'ended'; readonly reason: EndReason; readonly by: Role | null }

/** Null where the event has no meaning in this phase. */
export function stepExpertSession(state: ExpertSessionState, event: ExpertEvent): ExpertSessionState | null {
  switch (event.t) {
    case 'new-session':
      return state.phase === 'idle' || state.phase === 'waiting' || state.phase === 'ended'
        ? { phase: 'opening' }
        : null
    case 'opened':
      return state.phase === 'opening'
        ? { phase: 'waiting', number: event.number, expiresAtMs: event.expiresAtMs }
        : null
    case 'refused':
      return state.phase === 'opening' ? { phase: 'idle', problem: event.code } : null
    case 'customer-joined':
      return state.phase === 'waiting' ? { phase: 'proving' } : null
    case 'proved':
    case 'deciding':
      return state.phase === 'proving' || state.phase === 'deciding' ? { phase: 'deciding' } : null
    case 'granted':
      return state.phase === 'deciding' || state.phase === 'connecting'
        ? { phase: 'connecting', waitingForRecorder: event.waitingForRecorder }
        : null
    case 'linked':
      return state.phase === 'deciding' || state.phase === 'connecting' || state.phase === 'watching'
        ? { phase: 'watching', line: 'up' }
        : null
    case 'line-lost':
      return state.phase === 'watching' ? { phase: 'watching', line: 'lost' } : null
    case 'ended':
      if (state.phase === 'idle' || state.phase === 'ended') return null
      return { phase: 'ended', reason: event.reason, by: event.by }
  }
}
