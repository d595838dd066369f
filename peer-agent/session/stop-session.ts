import type { Clock } from '../../peer/clock.ts'
import type { EndReason } from '../../protocol/end-reason.ts'
import type { Role } from '../../protocol/level.ts'
import type { ShutdownStep } from '../../protocol/shutdown.ts'
import type { Assistance } from './assistance.ts'
import type { ExpertLine } from './expert-line.ts'
import type { ReceiptDesk } from './receipt-desk.ts'
import type { Recording } from './recording.ts'
import type { ServiceLine } from './service-line.ts'
import { runShutdown } from './shutdown-run.ts'

/** Time for the last words to leave before the lines are closed. */
const FAREWELL_MS = 300

/** What there is to stop; before the proof there is neither assistance nor recording. */
export interface Running {
  readonly clock: Clock
  readonly assistance: Assistance | undefined
  readonly recording: Recording | undefined
  readonly receipt: ReceiptDesk | undefined
  readonly expert: ExpertLine
  readonly service: ServiceLine
}

/** Stops what touches the customer's device first and without the network [C5]. Returns the steps that failed. */
export function stopSession(
  { clock, assistance, recording, receipt, expert, service }: Running,
  reason: EndReason,
  by: Role | null,
): Promise<readonly ShutdownStep[]> {
  return runShutdown(
    {
      'stop-input': async () => {
        await Promise.all([assistance?.steering.close(), assistance?.clipboard.close()])
      },
      'stop-picture': () => assistance?.sharing?.stopPicture(),
      'hide-watermark': () => assistance?.sharing?.hideWatermark(),
      'close-recording': async () => {
        if (!recording || !receipt) return
        recording.record('end', { t: 'end', reason, by })
        const takeOvers = assistance?.steering.takeOvers ?? 0
        const closed = recording.close((account) => receipt.draft(account, takeOvers))
        // Both at once: the customer waits for the slower of recorder and service, not for one after the other.
        await Promise.all([recording.durable(closed.seq), receipt.countersign(closed.receipt)])
      },
      'tell-others': () => {
        expert.sayBye(reason)
        service.leave(reason)
      },
      'close-lines': async () => {
        await new Promise<void>((resolve) => clock.after(FAREWELL_MS, resolve))
        expert.close()
        recording?.closeLine()
      },
    },
    clock,
  )
}
