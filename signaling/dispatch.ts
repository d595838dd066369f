import { COUNTERSIGN_AFTER_END_MS } from '../protocol/messages/receipt.ts'
import { Refusal } from '../protocol/refusals.ts'
import {
  CODECS,
  type Connection,
  type CustomerConnection,
  type ExpertConnection,
  type RecorderConnection,
} from './connection.ts'
import { gate, type Sent, type SocketRole, type Standing } from './gate.ts'
import type { Hub } from './hub.ts'
import { joinByNumber } from './messages/number-join.ts'
import { countersignReceipt } from './messages/receipt-sign.ts'
import { finishRecording } from './messages/recorder-done.ts'
import { readyRecorder } from './messages/recorder-ready.ts'
import { relayFromCustomer, relayFromExpert, relayFromRecorder } from './messages/relay.ts'
import { leaveSession } from './messages/session-leave.ts'
import { openSession } from './messages/session-open.ts'
import { reattachCustomer, reattachExpert } from './messages/session-reattach.ts'

interface ConnectionOf {
  expert: ExpertConnection
  customer: CustomerConnection
  recorder: RecorderConnection
}
type Handlers<Role extends SocketRole> = {
  [Type in Sent[Role]['t']]: (
    hub: Hub,
    from: ConnectionOf[Role],
    message: Extract<Sent[Role], { t: Type }>,
  ) => void | Promise<void>
}

/** What each message does. Everything here has passed the schema and the gate. */
const HANDLERS: { [Role in SocketRole]: Handlers<Role> } = {
  expert: {
    'session.open': openSession,
    'session.reattach': reattachExpert,
    'session.leave': leaveSession,
    relay: relayFromExpert,
  },
  customer: {
    'number.join': joinByNumber,
    'session.reattach': reattachCustomer,
    'session.leave': leaveSession,
    relay: relayFromCustomer,
    'receipt.sign': countersignReceipt,
  },
  recorder: {
    'recorder.ready': readyRecorder,
    'recorder.done': finishRecording,
    relay: relayFromRecorder,
  },
}

/** Reads one message, asks the gate, hands it on. Throws a `Refusal` where it goes no further. */
export async function dispatch(hub: Hub, connection: Connection, data: Buffer): Promise<void> {
  switch (connection.role) {
    case 'expert':
      return pass(hub, 'expert', connection, CODECS.expert.incoming.decode(data))
    case 'customer':
      return pass(hub, 'customer', connection, CODECS.customer.incoming.decode(data))
    case 'recorder':
      return pass(hub, 'recorder', connection, CODECS.recorder.incoming.decode(data))
  }
}

async function pass<Role extends SocketRole>(
  hub: Hub,
  role: Role,
  from: ConnectionOf[Role],
  message: Sent[Role],
): Promise<void> {
  const type: Sent[Role]['t'] = message.t
  const code = gate(role, type, standingOf(hub, from, message))
  if (code !== null) throw new Refusal(code)
  const handle = HANDLERS[role][type] as (
    hub: Hub,
    from: Connection,
    message: Sent[Role],
  ) => void | Promise<void>
  await handle(hub, from, message)
}

export function standingOf(hub: Hub, from: Connection, message: Sent[SocketRole]): Standing {
  if (from.role === 'recorder') {
    if (from.key === null) return 'unbound'
    if (!('sessionId' in message)) return 'ready'
    const session = hub.rooms.get(message.sessionId)?.session
    return session?.phase === 'paired' && session.recorder?.key === from.key ? 'serving' : 'over'
  }
  if (from.bond.to === 'ended')
    return hub.clock.nowMs() < from.bond.atMs + COUNTERSIGN_AFTER_END_MS ? 'just-over' : 'over'
  if (from.bond.to !== 'room') return from.bond.to
  const { phase } = from.bond.room.session
  return phase === 'ended' ? 'over' : phase
}
