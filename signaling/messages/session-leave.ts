import type { CustomerToServer } from '../../protocol/messages/signaling.ts'
import type { CustomerConnection, ExpertConnection } from '../connection.ts'
import type { Hub } from '../hub.ts'
import { roomOfBond } from '../session/room-of-bond.ts'

type Leave = Extract<CustomerToServer, { t: 'session.leave' }>

/** Either person ends the session, for both. */
export function leaveSession(hub: Hub, from: ExpertConnection | CustomerConnection, { reason }: Leave): void {
  hub.rooms.apply(roomOfBond(from), { type: 'end', reason, by: from.role })
}
