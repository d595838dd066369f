import { quantile } from '../figures.ts'
import type { FedSession } from './fed-session.ts'
import type { RecorderUnderLoad } from './recorder-under-load.ts'

const TICK_MS = 10
/** An agent makes a still a second at most and asks twice a second. */
const STILL_EVERY_MS = 1000
const BEAT_EVERY_MS = 500

export interface LoadMeasured {
  readonly sessions: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly cpuPercent: number
  readonly residentMb: number
  readonly bytesPerSecond: number
}

/**
 * Every session makes one still a second, each in a place of its own within the second, so that as few as possible
 * share an fsync. Measures after `warmUpMs`, for `measureMs`.
 */
export async function measureLoad(
  recorder: RecorderUnderLoad,
  sessions: readonly FedSession[],
  { bytesPerMinute, warmUpMs, measureMs }: { bytesPerMinute: number; warmUpMs: number; measureMs: number },
): Promise<LoadMeasured> {
  const stillBytes = Math.round(bytesPerMinute / (60_000 / STILL_EVERY_MS))
  const startedMs = performance.now()
  const latencies: number[] = []
  const pending = new Set<Promise<void>>()
  const dueOf = (at: number, everyMs: number) => startedMs + (at / sessions.length) * everyMs
  const due = sessions.map((session, at) => ({
    session,
    stillMs: dueOf(at, STILL_EVERY_MS),
    beatMs: dueOf(at, BEAT_EVERY_MS),
  }))
  const measureFromMs = startedMs + warmUpMs
  const untilMs = measureFromMs + measureMs
  let before: { cpuMs: number; atMs: number } | undefined
  for (let nowMs = startedMs; nowMs < untilMs; nowMs = performance.now()) {
    if (!before && nowMs >= measureFromMs) before = { cpuMs: recorder.cost().cpuMs, atMs: nowMs }
    for (const each of due) {
      if (each.beatMs <= nowMs) {
        each.beatMs += BEAT_EVERY_MS
        each.session.beat()
      }
      if (each.stillMs > nowMs) continue
      each.stillMs += STILL_EVERY_MS
      const sentMs = performance.now()
      const done = each.session.append(stillBytes).then(() => {
        pending.delete(done)
        if (sentMs >= measureFromMs) latencies.push(performance.now() - sentMs)
      })
      pending.add(done)
    }
    await new Promise((resolve) => setTimeout(resolve, TICK_MS))
  }
  const cost = recorder.cost()
  const wallMs = performance.now() - before!.atMs
  await Promise.all(pending)
  return {
    sessions: sessions.length,
    p50Ms: quantile(latencies, 0.5),
    p99Ms: quantile(latencies, 0.99),
    cpuPercent: ((cost.cpuMs - before!.cpuMs) / wallMs) * 100,
    residentMb: cost.residentBytes / 1024 / 1024,
    bytesPerSecond: sessions.length * stillBytes,
  }
}
