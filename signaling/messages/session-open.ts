import { NUMBER_LIFETIME_MS } from '../../protocol/number.ts'
import { Refusal } from '../../protocol/refusals.ts'
import { addWaitingSession } from '../../store/sessions.ts'
import { type ExpertConnection, tellExpert } from '../connection.ts'
import type { Hub } from '../hub.ts'
import { hashOfToken, makeSessionId, makeToken } from '../keys/token.ts'
import { requireLogin } from '../require-login.ts'
import { roomOf } from '../session/room.ts'

/** The expert wants a number. One that still waits on the same socket is given up first. */
export async function openSession(hub: Hub, from: ExpertConnection): Promise<void> {
  await requireLogin(hub, from)
  const policy = await hub.policy.current()
  const unready = await hub.unreadiness()
  if (unready) throw unready
  if (from.bond.to === 'room')
    hub.rooms.apply(from.bond.room, { type: 'end', reason: 'number-cancelled', by: 'expert' })

  const createdAtMs = hub.clock.nowMs()
  const [id, token] = [makeSessionId(), makeToken()]
  const { expertId, name, team } = from.login
  const row = {
    id,
    expertId,
    expertTokenHash: hashOfToken(token),
    card: hub.signCard({ v: 1, sessionId: id, name, team, issuedAtMs: createdAtMs }),
    createdAtMs,
    expiresAtMs: createdAtMs + NUMBER_LIFETIME_MS,
    line: hub.audit.line({ t: 'session-opened', sessionId: id, expert: { id: expertId, name } }),
  }
  const allotted = await addWaitingSession(hub.store, row)
  if (allotted === 'service-full') throw new Refusal('service-full')

  const { expiresAtMs, card } = row
  const room = roomOf(
    { ...row, customerTokenHash: null },
    { phase: 'waiting', expiresAtMs, expert: { up: true } },
  )
  hub.rooms.add(room)
  // Nobody has heard of this number, and nobody can come back for it.
  if (from.wire.isClosed) return hub.rooms.apply(room, { type: 'end', reason: 'line-lost', by: null })
  hub.rooms.attach(room, from)
  tellExpert(from, {
    t: 'session.opened',
    sessionId: id,
    token,
    nameplate: allotted.nameplate,
    expiresAtMs,
    card,
    policy: policy.signed,
    iceServers: hub.iceServers,
  })
}
