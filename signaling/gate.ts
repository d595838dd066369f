import type { CustomerToServer, ExpertToServer, RecorderToServer } from '../protocol/messages/signaling.ts'
import type { RefusalCode } from '../protocol/refusals.ts'

/** What each kind of socket may send. */
export interface Sent {
  expert: ExpertToServer
  customer: CustomerToServer
  recorder: RecorderToServer
}
export type SocketRole = keyof Sent

/**
 * Where the sender stands, by the session that the message is about. A recorder serves many sessions, so there it
 * is the session that the message names.
 */
export type Standing =
  /** Expert, customer: no session yet. Recorder: has not said that it is ready. */
  | 'unbound'
  /** Expert: the number is out and nobody has tried it. */
  | 'waiting'
  /** Expert, customer: the session runs. */
  | 'paired'
  /** Recorder: ready, and the message names no session. */
  | 'ready'
  /** Recorder: the session runs and is this recorder's. */
  | 'serving'
  /** Customer: the session ended on this socket a moment ago. */
  | 'just-over'
  /** The session that the message is about has ended, or is another's now. */
  | 'over'

/**
 * Who may send what, when. The one table the one gate reads [S1, S2]: a message type without a line here does not
 * compile, and nothing else asks for permission.
 */
export const MAY_SEND: { [Role in SocketRole]: { [Type in Sent[Role]['t']]: readonly Standing[] } } = {
  expert: {
    'session.open': ['unbound', 'waiting', 'over'],
    'session.reattach': ['unbound', 'over'],
    'session.leave': ['waiting', 'paired'],
    relay: ['paired'],
  },
  customer: {
    'number.join': ['unbound', 'just-over', 'over'],
    'session.reattach': ['unbound', 'just-over', 'over'],
    'session.leave': ['paired'],
    relay: ['paired'],
    'receipt.sign': ['paired', 'just-over'],
  },
  recorder: {
    'recorder.ready': ['unbound'],
    'recorder.done': ['serving', 'over'],
    relay: ['serving'],
  },
}

/** The code with which the message is refused, or null where it may pass. */
export function gate<Role extends SocketRole>(
  role: Role,
  type: Sent[Role]['t'],
  standing: Standing,
): RefusalCode | null {
  if (MAY_SEND[role][type].includes(standing)) return null
  return standing === 'over' || standing === 'just-over' ? 'session-over' : 'wrong-state'
}
