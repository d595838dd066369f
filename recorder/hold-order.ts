import type { HoldReport } from '../protocol/messages/recording-requests.ts'
import type { ServerToRecorder } from '../protocol/messages/signaling.ts'
import { HoldRefused, type Retention } from './retention.ts'
import { postToService, type ServiceAddress } from './service-post.ts'
import { WrapsUnreadable } from './wraps-shelf.ts'

type VaultHold = Extract<ServerToRecorder, { t: 'vault.hold' }>

/** Does what two people agreed on, and tells the service what became of it. Rejects where either is to be tried again. */
export async function carryOutHold(
  retention: Retention,
  service: ServiceAddress,
  { requestId, sessionId, untilMs }: VaultHold,
): Promise<void> {
  let isDone = true
  try {
    await (untilMs === null ? retention.release(sessionId) : retention.hold(sessionId, untilMs))
  } catch (error) {
    if (!(error instanceof HoldRefused || error instanceof WrapsUnreadable)) throw error
    isDone = false
  }
  const report: HoldReport = { requestId, untilMs, isDone }
  await postToService(service, '/api/recorder/holds', report)
}
