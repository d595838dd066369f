import { lastRecorderOf } from '../../store/recorder-leases.ts'
import { listHoldsToTell } from '../../store/recording-requests.ts'
import { tellRecorder } from '../connection.ts'
import type { Hub } from '../hub.ts'

/** Tells recorders of holds that began or ended, until they have answered; one that is away hears it when it is back. */
export async function tellHolds(hub: Hub): Promise<void> {
  for (const hold of await listHoldsToTell(hub.store)) {
    const key = await lastRecorderOf(hub.store, hold.sessionId)
    const recorder = key === null ? undefined : hub.recorders.byKey(key)
    if (!recorder) continue
    const untilMs = hold.state === 'approved' ? hold.untilMs : null
    tellRecorder(recorder, { t: 'vault.hold', requestId: hold.id, sessionId: hold.sessionId, untilMs })
  }
}
