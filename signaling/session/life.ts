import type { EndReason } from '../../protocol/end-reason.ts'
import type { Role } from '../../protocol/level.ts'
import type { RecorderLease, ServerToCustomer, ServerToExpert } from '../../protocol/messages/signaling.ts'
import type { RefusalCode } from '../../protocol/refusals.ts'

/** The socket of one end: there, or gone since then. */
export type Line = { readonly up: true } | { readonly up: false; readonly sinceMs: number }

/** The life of a session as the server sees it; each arm has what exists then. */
export type Session =
  /** The number is out; nobody has tried it. */
  | { readonly phase: 'waiting'; readonly expiresAtMs: number; readonly expert: Line }
  /** The number is burned; a customer and an expert belong to it for good. */
  | {
      readonly phase: 'paired'
      readonly expert: Line
      readonly customer: Line
      readonly recorder: RecorderLease | null
      /** Whether the expert has been told of a recorder before. */
      readonly hadRecorder: boolean
    }
  | { readonly phase: 'ended'; readonly reason: EndReason; readonly by: Role | null }

export type SessionEvent =
  | { readonly type: 'joined'; readonly recorder: RecorderLease | null }
  | { readonly type: 'lost'; readonly role: 'expert' | 'customer'; readonly atMs: number }
  | { readonly type: 'back'; readonly role: 'expert' | 'customer' }
  | { readonly type: 'recorder'; readonly lease: RecorderLease | null }
  | { readonly type: 'end'; readonly reason: EndReason; readonly by: Role | null }
  | { readonly type: 'time'; readonly nowMs: number }

export interface Terms {
  readonly sessionId: string
  /** How long an end may be away before the session ends. */
  readonly graceMs: number
}

/** A message for an end; where its line is down it is dropped, and `session.reattached` tells what counts then. */
export type News =
  | { readonly to: 'expert'; readonly message: ServerToExpert }
  | { readonly to: 'customer'; readonly message: ServerToCustomer }

export interface Step {
  readonly session: Session
  readonly news: readonly News[]
}

const UP: Line = { up: true }

/** What becomes of the session, and who is told. A code where the event may not happen now. */
export function transition(session: Session, event: SessionEvent, terms: Terms): Step | RefusalCode {
  if (session.phase === 'ended')
    return event.type === 'joined' || event.type === 'back' ? 'session-over' : same(session)
  switch (event.type) {
    case 'joined':
      return joined(session, event.recorder)
    case 'lost':
      return lost(session, event.role, event.atMs)
    case 'back':
      return back(session, event.role)
    case 'recorder':
      return recorderChanged(session, event.lease)
    case 'end':
      return ended(event.reason, event.by, terms)
    case 'time':
      return timePassed(session, event.nowMs, terms)
  }
}

/** When `time` has to be told next, or null where nothing waits for it. */
export function nextDeadlineMs(session: Session, graceMs: number): number | null {
  const ofLine = (line: Line) => (line.up ? [] : [line.sinceMs + graceMs])
  const deadlines = (() => {
    switch (session.phase) {
      case 'waiting':
        return [session.expiresAtMs, ...ofLine(session.expert)]
      case 'paired':
        return [...ofLine(session.expert), ...ofLine(session.customer)]
      case 'ended':
        return []
    }
  })()
  return deadlines.length === 0 ? null : Math.min(...deadlines)
}

const same = (session: Session): Step => ({ session, news: [] })

function peer(to: 'expert' | 'customer', role: Role, presence: 'joined' | 'lost' | 'back'): News {
  return { to, message: { t: 'peer', role, presence } }
}

const other = (role: 'expert' | 'customer') => (role === 'expert' ? 'customer' : 'expert')

/** The customer's own answer, which carries the recorder, is the caller's to send, before this news. */
function joined(
  session: Exclude<Session, { phase: 'ended' }>,
  recorder: RecorderLease | null,
): Step | RefusalCode {
  if (session.phase !== 'waiting') return 'number-used'
  return {
    session: {
      phase: 'paired',
      expert: session.expert,
      customer: UP,
      recorder,
      hadRecorder: recorder !== null,
    },
    news: [
      peer('expert', 'customer', 'joined'),
      ...(recorder === null ? [] : [peer('expert', 'recorder', 'joined')]),
      ...(session.expert.up ? [] : [peer('customer', 'expert', 'lost')]),
    ],
  }
}

function lost(
  session: Exclude<Session, { phase: 'ended' }>,
  role: 'expert' | 'customer',
  sinceMs: number,
): Step {
  const line: Line = { up: false, sinceMs }
  if (session.phase === 'waiting') return same(role === 'expert' ? { ...session, expert: line } : session)
  return { session: { ...session, [role]: line }, news: [peer(other(role), role, 'lost')] }
}

function back(
  session: Exclude<Session, { phase: 'ended' }>,
  role: 'expert' | 'customer',
): Step | RefusalCode {
  if (session.phase === 'waiting') return role === 'expert' ? same({ ...session, expert: UP }) : 'wrong-state'
  // Told also where no loss was noticed: what was on its way to the line before may be gone.
  return { session: { ...session, [role]: UP }, news: [peer(other(role), role, 'back')] }
}

function recorderChanged(
  session: Exclude<Session, { phase: 'ended' }>,
  lease: RecorderLease | null,
): Step | RefusalCode {
  if (session.phase === 'waiting') return 'wrong-state'
  if (lease === null && session.recorder === null) return same(session)
  const presence = lease === null ? 'lost' : session.hadRecorder ? 'back' : 'joined'
  return {
    session: { ...session, recorder: lease, hadRecorder: session.hadRecorder || lease !== null },
    news: [
      peer('expert', 'recorder', presence),
      { to: 'customer', message: { t: 'recorder.assigned', recorder: lease } },
    ],
  }
}

function ended(reason: EndReason, by: Role | null, { sessionId }: Terms): Step {
  const message = { t: 'session.ended', sessionId, reason, by } as const
  const ends = (['expert', 'customer'] as const).filter((role) => role !== by)
  return { session: { phase: 'ended', reason, by }, news: ends.map((to) => ({ to, message })) }
}

function timePassed(session: Exclude<Session, { phase: 'ended' }>, nowMs: number, terms: Terms): Step {
  const isOver = (line: Line) => !line.up && nowMs >= line.sinceMs + terms.graceMs
  if (session.phase === 'waiting') {
    if (nowMs >= session.expiresAtMs) return ended('number-expired', null, terms)
    return isOver(session.expert) ? ended('line-lost', null, terms) : same(session)
  }
  return isOver(session.expert) || isOver(session.customer) ? ended('line-lost', null, terms) : same(session)
}
