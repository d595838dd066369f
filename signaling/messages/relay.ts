import type { CustomerToServer, ExpertToServer, RecorderToServer } from '../../protocol/messages/signaling.ts'
import { Refusal } from '../../protocol/refusals.ts'
import {
  type CustomerConnection,
  type ExpertConnection,
  type RecorderConnection,
  tellCustomer,
  tellExpert,
  tellRecorder,
} from '../connection.ts'
import type { Hub } from '../hub.ts'
import { roomOfBond } from '../session/room-of-bond.ts'

/**
 * Bodies go unread from one end of a session to another of the same session: the receiver is always looked up in
 * the sender's own room, never by anything the message says, but for the recorder, which the gate has checked
 * serves the session it names.
 */

type Relay<Message> = Extract<Message, { t: 'relay' }>

export function relayFromExpert(_hub: Hub, from: ExpertConnection, { body }: Relay<ExpertToServer>): void {
  const { customer } = roomOfBond(from)
  if (!customer) throw new Refusal('peer-absent')
  tellCustomer(customer, { t: 'relayed', from: 'expert', body })
}

export function relayFromCustomer(
  hub: Hub,
  from: CustomerConnection,
  { to, body }: Relay<CustomerToServer>,
): void {
  const { id, expert, session } = roomOfBond(from)
  if (to === 'expert') {
    if (!expert) throw new Refusal('peer-absent')
    tellExpert(expert, { t: 'relayed', from: 'customer', body })
    return
  }
  const key = session.phase === 'paired' ? session.recorder?.key : undefined
  const recorder = key === undefined ? undefined : hub.recorders.byKey(key)
  if (!recorder) throw new Refusal('peer-absent')
  tellRecorder(recorder, { t: 'relayed', from: 'customer', sessionId: id, body })
}

export function relayFromRecorder(
  hub: Hub,
  _from: RecorderConnection,
  { sessionId, body }: Relay<RecorderToServer>,
): void {
  const customer = hub.rooms.get(sessionId)?.customer
  if (!customer) throw new Refusal('peer-absent')
  tellCustomer(customer, { t: 'relayed', from: 'recorder', body })
}
