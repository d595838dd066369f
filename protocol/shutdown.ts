/**
 * How the agent's side of a session comes down, whoever ended it: what touches the customer's device stops first and
 * needs no network; only then are the recording closed and the others told. A step that fails or hangs is passed
 * over after its time, so that nothing can keep the picture or the mark on.
 */
export const SHUTDOWN_STEPS = [
  'stop-input',
  'stop-picture',
  'hide-watermark',
  'close-recording',
  'tell-others',
  'close-lines',
] as const
export type ShutdownStep = (typeof SHUTDOWN_STEPS)[number]

/** Longest time of each step in ms. W3 wants the mark gone within 1 s; the recorder may need its fsync. */
export const SHUTDOWN_STEP_MS: Record<ShutdownStep, number> = {
  'stop-input': 300,
  'stop-picture': 400,
  'hide-watermark': 400,
  'close-recording': 3_000,
  'tell-others': 500,
  'close-lines': 1_000,
}

export type Shutdown =
  | { readonly phase: 'running' }
  | { readonly phase: 'stopping'; readonly step: ShutdownStep; readonly failed: readonly ShutdownStep[] }
  | { readonly phase: 'stopped'; readonly failed: readonly ShutdownStep[] }

export type ShutdownEvent =
  | { readonly t: 'stop' }
  | { readonly t: 'done'; readonly step: ShutdownStep }
  | { readonly t: 'failed'; readonly step: ShutdownStep }

/** Events of a step that is not the current one are late and change nothing. */
export function stepShutdown(state: Shutdown, event: ShutdownEvent): Shutdown {
  if (event.t === 'stop') {
    return state.phase === 'running' ? { phase: 'stopping', step: SHUTDOWN_STEPS[0], failed: [] } : state
  }
  if (state.phase !== 'stopping' || event.step !== state.step) return state
  const failed = event.t === 'failed' ? [...state.failed, event.step] : state.failed
  const next = SHUTDOWN_STEPS[SHUTDOWN_STEPS.indexOf(state.step) + 1]
  return next ? { phase: 'stopping', step: next, failed } : { phase: 'stopped', failed }
}
