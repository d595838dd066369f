import type { Session, SessionEvent } from './life.ts'

/** The log's line for one step in the life of a session: fixed words, roles and codes, never content [S5]. */
export function stepLine(
  session: Session,
  event: SessionEvent,
): { what: string; detail: Record<string, string | number | null> } | null {
  if (session.phase === 'ended')
    return { what: 'session ended', detail: { reason: session.reason, by: session.by } }
  switch (event.type) {
    case 'joined':
      return { what: 'session paired', detail: { epoch: event.recorder?.epoch ?? null } }
    case 'lost':
      return { what: 'line lost', detail: { role: event.role } }
    case 'back':
      return { what: 'line back', detail: { role: event.role } }
    case 'recorder':
      return event.lease === null
        ? { what: 'recorder lost', detail: {} }
        : { what: 'recorder assigned', detail: { epoch: event.lease.epoch } }
    case 'end':
    case 'time':
      return null
  }
}
