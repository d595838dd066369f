import type { CustomerToServer } from '../../protocol/messages/signaling.ts'
import { PROTOCOL_VERSION } from '../../protocol/messages/signaling.ts'
import { Refusal } from '../../protocol/refusals.ts'
import { burnNumber } from '../../store/sessions.ts'
import { type CustomerConnection, tellCustomer } from '../connection.ts'
import type { Hub } from '../hub.ts'
import { hashOfToken, makeToken } from '../keys/token.ts'
import { pickRecorder, prepareRecorder } from '../recorder-assignment.ts'

type NumberJoin = Extract<CustomerToServer, { t: 'number.join' }>

/**
 * A customer tries a nameplate. Nothing is answered before the burn is on the disk [N3]; whether the secret is
 * right only the two ends find out, and a wrong one has burned the number all the same.
 */
export async function joinByNumber(hub: Hub, from: CustomerConnection, message: NumberJoin): Promise<void> {
  if (message.protocol !== PROTOCOL_VERSION) throw new Refusal('malformed')
  // What can be refused without touching the number comes first.
  const wasNoGuess = hub.misses.attempt({ block: from.addressBlock, service: '' })
  const policy = await hub.policy.current()
  const token = makeToken()
  const { nameplate } = message
  const burned = await hub.burns.run(nameplate, () =>
    burnNumber(hub.store, {
      nameplate,
      customerTokenHash: hashOfToken(token),
      nowMs: hub.clock.nowMs(),
      lineFor: (sessionId) => hub.audit.line({ t: 'session-joined', sessionId }),
    }),
  )
  if (typeof burned === 'string') throw new Refusal(`number-${burned}`)
  wasNoGuess()

  const room = hub.rooms.get(burned.sessionId)
  if (!room) throw new Refusal('session-over')
  room.customerTokenHash = hashOfToken(token)
  const picked = await pickRecorder(hub, room)
  // It may have ended in the meantime, by its expert or by time.
  if (room.session.phase !== 'waiting') throw new Refusal('session-over')
  // A customer who has gone without a token can't come back.
  if (from.wire.isClosed) return hub.rooms.apply(room, { type: 'end', reason: 'line-lost', by: null })
  if (picked) prepareRecorder(hub, room, picked)
  hub.rooms.attach(room, from)
  const recorder = picked?.lease ?? null
  tellCustomer(from, {
    t: 'session.joined',
    sessionId: room.id,
    token,
    card: room.card,
    policy: policy.signed,
    recorder,
    iceServers: hub.iceServers,
  })
  hub.rooms.apply(room, { type: 'joined', recorder })
  if (!picked) hub.assignRecorders()
}
