import type { RecorderToServer } from '../../protocol/messages/signaling.ts'
import { finishLeases } from '../../store/recorder-leases.ts'
import type { RecorderConnection } from '../connection.ts'
import type { Hub } from '../hub.ts'

type Done = Extract<RecorderToServer, { t: 'recorder.done' }>

/** The recorder has closed its recording: it is not told of this session again. */
export async function finishRecording(
  hub: Hub,
  from: RecorderConnection,
  { sessionId }: Done,
): Promise<void> {
  from.sessions.delete(sessionId)
  if (from.key === null) return
  await finishLeases(hub.store, { sessionId, recorderKey: from.key, nowMs: hub.clock.nowMs() })
}
