import type { Role } from '../../protocol/level.ts'
import type { CustomerToServer } from '../../protocol/messages/signaling.ts'
import { Refusal } from '../../protocol/refusals.ts'
import { getSession } from '../../store/sessions.ts'
import { type CustomerConnection, type ExpertConnection, tellCustomer, tellExpert } from '../connection.ts'
import type { Hub } from '../hub.ts'
import { tokenFits } from '../keys/token.ts'
import { requireLogin } from '../require-login.ts'
import type { Room } from '../session/room.ts'

type Reattach = Extract<CustomerToServer, { t: 'session.reattach' }>

/** The expert is back after a lost line, a reloaded page or a restarted server [S4]. */
export async function reattachExpert(hub: Hub, from: ExpertConnection, message: Reattach): Promise<void> {
  await requireLogin(hub, from)
  const room = await roomFor(hub, 'expert', message)
  if (room.expertId !== from.login.expertId) throw new Refusal('not-found')
  attachAgain(hub, room, from)
  tellExpert(from, reattached(hub, room, room.customer ? ['customer'] : []))
  hub.rooms.apply(room, { type: 'back', role: 'expert' })
  // The burn may have happened while nobody was there to be told of it.
  if (room.session.phase === 'paired' && !room.customer)
    tellExpert(from, { t: 'peer', role: 'customer', presence: 'lost' })
}

/** The customer's agent is back, or its small parent comes in its place. */
export async function reattachCustomer(hub: Hub, from: CustomerConnection, message: Reattach): Promise<void> {
  const room = await roomFor(hub, 'customer', message)
  attachAgain(hub, room, from)
  tellCustomer(from, reattached(hub, room, room.expert ? ['expert'] : []))
  hub.rooms.apply(room, { type: 'back', role: 'customer' })
}

function attachAgain(hub: Hub, room: Room, from: ExpertConnection | CustomerConnection): void {
  if (room.session.phase === 'ended') throw new Refusal('session-over')
  hub.rooms.attach(room, from)
  // The socket closed while we looked: it was never there.
  if (from.wire.isClosed) {
    hub.rooms.detach(from)
    throw new Refusal('session-over')
  }
}

function reattached(hub: Hub, { id, session }: Room, others: Role[]) {
  const recorder = session.phase === 'paired' ? session.recorder : null
  return {
    t: 'session.reattached',
    sessionId: id,
    present: recorder === null ? others : [...others, 'recorder' as const],
    recorder,
    iceServers: hub.iceServers,
  } as const
}

/** Who has no token is told no more than who made up a session. */
async function roomFor(hub: Hub, role: 'expert' | 'customer', { sessionId, token }: Reattach): Promise<Room> {
  const room = hub.rooms.get(sessionId)
  const known = room ?? (await getSession(hub.store, sessionId))
  const hash = role === 'expert' ? known?.expertTokenHash : known?.customerTokenHash
  if (!hash || !tokenFits(token, hash)) throw new Refusal('not-found')
  if (!room) throw new Refusal('session-over')
  return room
}
