import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeKey, policyOf } from '../test/fixtures/recording.ts'
import { round } from './figures.ts'
import { diskCost } from './recorder/disk-cost.ts'
import { type FedSession, linkedSession, streamedSession } from './recorder/fed-session.ts'
import { type LoadMeasured, measureLoad } from './recorder/load.ts'
import { RecorderUnderLoad } from './recorder/recorder-under-load.ts'
import type { BenchResult } from './result.ts'

/**
 * How many sessions a core of the recorder carries, each of them durable in time: with WebRTC (a few, and from their
 * CPU time how many a core would carry) and without it (many, on the real vault). Feeder and recorder share the machine;
 * another disk is measured by giving its folder as TMPDIR.
 */
const RATES_KB_A_MINUTE = [100, 300]
const MOST_P99_MS = 200
/** How many at once, one after the other while the process has anything left. */
const STREAMED = [100, 400]
const LINKED = [4, 16]
const WARM_UP_MS = 2_500
const MEASURE_MS = 7_000
/** Above this the process has nothing left, and what waits only grows. */
const BUSY_PERCENT = 90

type Make = typeof streamedSession

export async function run(): Promise<BenchResult> {
  const folder = mkdtempSync(join(tmpdir(), 'lotse-recorder-bench-'))
  const figures: Record<string, number> = {}
  const fallsShort: string[] = []
  try {
    const disk = await diskCost(folder)
    console.log(`disk: ${disk.kind}, one write with fdatasync after the other`)
    figures['disk.fsyncP50Ms'] = round(disk.p50Ms)
    figures['disk.fsyncP99Ms'] = round(disk.p99Ms)
    for (const kb of RATES_KB_A_MINUTE) {
      for (const [way, make, levels] of [
        ['vault', streamedSession, STREAMED],
        ['webrtc', linkedSession, LINKED],
      ] as const) {
        const measured = await climb(join(folder, `${way}-${kb}`), make, levels, kb)
        const name = `${way}.${kb}KBaMinute`
        Object.assign(figures, figuresOf(name, measured))
        if (measured.runs.every(({ p99Ms }) => p99Ms > MOST_P99_MS))
          fallsShort.push(`${name}: already with ${levels[0]} sessions durable p99 is over ${MOST_P99_MS} ms`)
        fallsShort.push(...measured.troubles.map((trouble) => `${name}: ${trouble}`))
      }
    }
    return { figures, fallsShort }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

interface Climbed {
  readonly idleMb: number
  readonly runs: readonly LoadMeasured[]
  readonly troubles: readonly string[]
}

/** One recorder, more and more sessions; those that run go on while others are added. */
async function climb(folder: string, make: Make, levels: readonly number[], kb: number): Promise<Climbed> {
  mkdirSync(folder)
  const [a, b] = await Promise.all([makeKey('a'), makeKey('b')])
  const recorder = await RecorderUnderLoad.start(folder)
  const named = policyOf([a], [b])
  const policy = { ...named, recorders: [{ name: 'recorder', key: recorder.key }] }
  const sessions: FedSession[] = []
  const runs: LoadMeasured[] = []
  const idleMb = recorder.cost().residentBytes / 1024 / 1024
  try {
    for (const level of levels) {
      while (sessions.length < level) sessions.push(await make(recorder, policy, sessions.length))
      const times = { warmUpMs: WARM_UP_MS, measureMs: MEASURE_MS }
      const run = await measureLoad(recorder, sessions, { bytesPerMinute: kb * 1000, ...times })
      runs.push(run)
      const { p50Ms, p99Ms, cpuPercent, residentMb } = run
      console.log(
        `${level} sessions at ${kb} KB a minute, ${make === streamedSession ? 'vault alone' : 'WebRTC'}: ` +
          `durable p50 ${p50Ms.toFixed(1)} ms, p99 ${p99Ms.toFixed(1)} ms, CPU ${cpuPercent.toFixed(1)} %, ` +
          `${residentMb.toFixed(0)} MB`,
      )
      if (cpuPercent > BUSY_PERCENT) break
    }
    return { idleMb, runs, troubles: [...recorder.troubles] }
  } finally {
    for (const session of sessions) session.close()
    await recorder.close()
  }
}

function figuresOf(name: string, { idleMb, runs }: Climbed): Record<string, number> {
  const inTime = runs.filter(({ p99Ms }) => p99Ms <= MOST_P99_MS)
  const best = inTime.at(-1) ?? runs[0]!
  // With what the process costs whoever comes, so rather too much than too little.
  const perSession = best.cpuPercent / best.sessions
  return {
    [`${name}.mostSessionsInTime`]: inTime.length > 0 ? best.sessions : 0,
    [`${name}.durableP50Ms`]: round(best.p50Ms),
    [`${name}.durableP99Ms`]: round(best.p99Ms),
    [`${name}.cpuPercent`]: round(best.cpuPercent),
    [`${name}.cpuPercentPerSession`]: round(perSession),
    // Extrapolated from CPU time alone: disk and network may end it earlier.
    [`${name}.sessionsPerCoreByCpu`]: Math.floor(100 / perSession),
    [`${name}.memoryMb`]: Math.round(best.residentMb),
    [`${name}.memoryKbPerSession`]: Math.round(((best.residentMb - idleMb) * 1024) / best.sessions),
  }
}
