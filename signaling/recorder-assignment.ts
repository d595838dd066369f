import type { RecorderLease } from '../protocol/messages/signaling.ts'
import { Refusal } from '../protocol/refusals.ts'
import { addLease } from '../store/recorder-leases.ts'
import { StorageFailure } from '../store/store.ts'
import { type RecorderConnection, tellRecorder } from './connection.ts'
import type { Hub } from './hub.ts'
import type { Room } from './session/room.ts'

export interface Picked {
  readonly recorder: RecorderConnection
  readonly lease: RecorderLease
}

/** The keys of the recorders that the operator's policy names; none without a policy. */
export async function allowedRecorderKeys(hub: Hub): Promise<string[]> {
  try {
    const { content } = await hub.policy.current()
    return content.recorders.map(({ key }) => key)
  } catch (error) {
    if (error instanceof Refusal) return []
    throw error
  }
}

/** Picks a recorder and counts an epoch for it, which is durable. Null where there is none now, or no storage. */
export async function pickRecorder(hub: Hub, room: Room): Promise<Picked | null> {
  const keys = await allowedRecorderKeys(hub)
  for (;;) {
    const recorder = hub.recorders.pick(keys, room.lastRecorder)
    if (!recorder?.key) return null
    const { key } = recorder
    try {
      const wanted = { sessionId: room.id, recorderKey: key, nowMs: hub.clock.nowMs() }
      const { epoch } = await addLease(hub.store, wanted)
      // It may have gone while the epoch was counted; the next one gets a higher one.
      if (hub.recorders.byKey(key) === recorder) return { recorder, lease: { key, epoch } }
    } catch (error) {
      if (!(error instanceof StorageFailure)) throw error
      hub.log.warn({ session: room.id, code: error.code }, 'no recorder assigned: the database failed')
      return null
    }
  }
}

/** Tells the recorder to expect the session, before anyone else is told of it. */
export function prepareRecorder(hub: Hub, room: Room, { recorder, lease }: Picked): void {
  recorder.sessions.add(room.id)
  room.lastRecorder = lease.key
  const { iceServers } = hub
  tellRecorder(recorder, { t: 'recorder.assign', sessionId: room.id, epoch: lease.epoch, iceServers })
}

/** Gives every running session that has no recorder one, if there is one [R1]. */
export async function assignMissing(hub: Hub): Promise<void> {
  const without = hub.rooms
    .all()
    .filter((room) => room.session.phase === 'paired' && !room.session.recorder && !room.isBeingAssigned)
  await Promise.all(without.map((room) => assign(hub, room)))
}

async function assign(hub: Hub, room: Room): Promise<void> {
  room.isBeingAssigned = true
  try {
    const picked = await pickRecorder(hub, room)
    if (!picked || room.session.phase !== 'paired' || room.session.recorder) return
    prepareRecorder(hub, room, picked)
    hub.rooms.apply(room, { type: 'recorder', lease: picked.lease })
  } finally {
    room.isBeingAssigned = false
  }
}
