import { lastAtOrBefore, type PosMs } from './timed.ts'
import type { Timeline } from './timeline.ts'

/** So long nothing may have happened before it counts as quiet. */
const LEAST_QUIET_MS = 3_000
/** Of a quiet stretch so much is still shown, at its begin and before its end. */
const SHOWN_MS = 1_000

/** Where to go on when nothing changes for a while; null where something does soon, or did just now. */
export function quietUntil({ stills, feed, lengthMs, isWhole }: Timeline, posMs: PosMs): PosMs | null {
  const before = Math.max(
    stills[lastAtOrBefore(stills, posMs)]?.posMs ?? 0,
    feed[lastAtOrBefore(feed, posMs)]?.posMs ?? 0,
  )
  const endMs = isWhole ? lengthMs : null
  const nextMs = Math.min(
    stills[lastAtOrBefore(stills, posMs) + 1]?.posMs ?? endMs ?? Number.NaN,
    feed[lastAtOrBefore(feed, posMs) + 1]?.posMs ?? endMs ?? Number.NaN,
  )
  // NaN where what follows is not read yet.
  if (!(nextMs - before >= LEAST_QUIET_MS) || posMs < before + SHOWN_MS) return null
  const goOnMs = nextMs - SHOWN_MS
  return goOnMs > posMs ? goOnMs : null
}
