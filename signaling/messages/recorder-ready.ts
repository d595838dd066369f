import type { RecorderToServer } from '../../protocol/messages/signaling.ts'
import { Refusal } from '../../protocol/refusals.ts'
import { listOpenLeases } from '../../store/recorder-leases.ts'
import { type RecorderConnection, tellRecorder } from '../connection.ts'
import type { Hub } from '../hub.ts'
import { allowedRecorderKeys } from '../recorder-assignment.ts'
import { CLOSED_AS_REPLACED } from '../session/rooms.ts'

type Ready = Extract<RecorderToServer, { t: 'recorder.ready' }>

/**
 * A recorder offers itself. One that the policy does not name is sent away; while there is no policy yet it may
 * stay, and serves once the operator has made one that names it. What ended while it was away it is told now.
 */
export async function readyRecorder(hub: Hub, from: RecorderConnection, { key }: Ready): Promise<void> {
  const allowed = await allowedRecorderKeys(hub)
  if (allowed.length > 0 && !allowed.includes(key)) throw new Refusal('not-allowed')
  const open = await listOpenLeases(hub.store, key, hub.clock.nowMs())
  if (from.wire.isClosed) return
  // One that comes back before its old socket was missed: its sessions lose the old one first.
  hub.recorders.byKey(key)?.wire.close(CLOSED_AS_REPLACED)
  hub.recorders.add(from, key)
  hub.log.info({ openRecordings: open.length }, 'recorder ready')
  for (const { sessionId, ended } of open) {
    if (!ended) from.sessions.add(sessionId)
    else tellRecorder(from, { t: 'session.ended', sessionId, ...ended })
  }
  hub.assignRecorders()
}
