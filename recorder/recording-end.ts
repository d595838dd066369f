import type { Clock } from '../peer/clock.ts'
import type { EndReason } from '../protocol/end-reason.ts'
import type { EntryIntake } from './entry-intake.ts'
import { factsOf, type RecordingEnding, type RecordingIndex } from './recording-index.ts'
import type { Vault } from './vault.ts'
import { VaultFailure } from './vault-failure.ts'

const RETRY_MS = 5_000

export interface EndOptions {
  readonly sessionId: string
  /** Why it is abandoned; null where the agent closed it. */
  readonly reason: EndReason | null
  readonly vault: Vault
  readonly index: RecordingIndex
  readonly clock: Clock
  readonly intake: EntryIntake
  readonly stopping: AbortSignal
  delayed(detail: string): void
}

/**
 * Brings a recording to its end on the disk and in the index, as often as it takes; a disk that is full today must not
 * leave it open for ever. Null where nothing is held, where what is held is damaged, or where the process stops.
 */
export async function endRecording(options: EndOptions): Promise<RecordingEnding | null> {
  const ending = await untilDone(options, () => endOnDisk(options))
  if (!ending) return null
  await untilDone(options, () => options.index.closed(ending))
  await options.vault.release(options.sessionId).catch((error: Error) => options.delayed(error.message))
  return ending
}

async function endOnDisk(options: EndOptions): Promise<RecordingEnding | null> {
  const { intake, vault, sessionId, reason, clock } = options
  try {
    // What came in last and found the disk full belongs into the recording, before its end.
    if (intake.recording && intake.failure?.isOfDisk) await intake.retry().catch(unlessOfDisk)
    const recording = intake.recording ?? (await vault.resume(sessionId))
    if (!recording) return null
    await recording.probe()
    if (recording.chain.closed === 'open') await recording.abandon(reason ?? 'line-lost', clock.now())
    const { closed } = recording.chain
    if (closed === 'open') throw new VaultFailure('disk-failed', 'the end is not durable')
    const how = closed === 'abandoned' && reason ? { closed, reason } : { closed }
    return { ...factsOf(recording), ...how, endedAtMs: clock.now() }
  } catch (error) {
    if (!(error instanceof VaultFailure) || error.isOfDisk) throw error
    options.delayed(`cannot be ended: ${error.message}`)
    return null
  }
}

async function untilDone<Result>(
  { clock, stopping, delayed }: EndOptions,
  action: () => Promise<Result>,
): Promise<Result | null> {
  while (!stopping.aborted) {
    try {
      return await action()
    } catch (error) {
      delayed((error as Error).message)
      await pause(clock, stopping)
    }
  }
  return null
}

/** What does not continue the chain has no place in it; the rest still gets its end. */
function unlessOfDisk(failure: VaultFailure): void {
  if (failure.isOfDisk) throw failure
}

function pause(clock: Clock, stopping: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const stop = clock.after(RETRY_MS, resolve)
    stopping.addEventListener('abort', () => {
      stop()
      resolve()
    })
  })
}
