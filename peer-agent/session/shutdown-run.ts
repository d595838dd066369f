import type { Clock } from '../../peer/clock.ts'
import { SHUTDOWN_STEP_MS, type Shutdown, type ShutdownStep, stepShutdown } from '../../protocol/shutdown.ts'

/** Runs every step of a shutdown in order, each within its time. Returns the steps that failed. */
export async function runShutdown(
  steps: Record<ShutdownStep, () => Promise<void> | void>,
  clock: Clock,
): Promise<readonly ShutdownStep[]> {
  let state: Shutdown = stepShutdown({ phase: 'running' }, { t: 'stop' })
  while (state.phase === 'stopping') {
    const { step } = state
    const isDone = await withinTime(steps[step], SHUTDOWN_STEP_MS[step], clock)
    state = stepShutdown(state, { t: isDone ? 'done' : 'failed', step })
  }
  return state.phase === 'stopped' ? state.failed : []
}

function withinTime(run: () => Promise<void> | void, limitMs: number, clock: Clock): Promise<boolean> {
  return new Promise((resolve) => {
    const stopTimer = clock.after(limitMs, () => resolve(false))
    const finish = (isDone: boolean) => {
      stopTimer()
      resolve(isDone)
    }
    Promise.resolve()
      .then(run)
      .then(
        () => finish(true),
        () => finish(false),
      )
  })
}
