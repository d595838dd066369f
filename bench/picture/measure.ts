import { setTimeout as pass } from 'node:timers/promises'
import type { XServer } from '../../test/fixtures/x-server.ts'
import { quantile, round } from '../figures.ts'
import { latenciesMs } from './latencies.ts'
import type { Line } from './line.ts'
import type { Probe, Sight } from './probe.ts'
import { cpuMsOf, machineCpuMs } from './process-load.ts'
import { psnrDb } from './sharpness.ts'
import type { Done, Stimulus } from './stimulus.ts'
import type { Change } from './stimulus-process.ts'
import type { System } from './system.ts'
import type { Viewer } from './viewer.ts'
import type { Kind } from './work.ts'

export interface Bench {
  readonly x: XServer
  readonly stimulus: Stimulus
  readonly viewer: Viewer
  readonly system: System
  readonly probe: Probe
  readonly line: Line
}

/** Of one kind of work on one system. Percents are of one core. */
export type Figures = Record<string, number>

/** What the first picture still brings is over by then. */
const SETTLE_MS = 1500
const SOON_MS = 500
const LATER_MS = 3000
/** Where a change comes every few seconds: fewer of them would say nothing of the middle. */
const LEAST_SECONDS: Readonly<Partial<Record<Kind, number>>> = { fullscreen: 12, dialog: 25 }
const KEYS = 40
const BETWEEN_KEYS_MS = 110
const MOST_PSNR_DB = 99
/** Stands for what never came. */
const NEVER_MS = 99_999

export async function measure(bench: Bench, kind: Kind, seed: number, seconds: number): Promise<Figures> {
  const { x, stimulus, viewer, system, probe, line } = bench
  const long = Math.max(seconds, LEAST_SECONDS[kind] ?? 0)
  const { barcode, strips } = await stimulus.prepare(kind, seed, long)
  await pass(SETTLE_MS)
  await line.quiet()
  await probe.watch(barcode, strips)
  const load = () => ({
    atMs: performance.now(),
    sender: cpuMsOf(system.senders),
    window: system.window === undefined ? 0 : cpuMsOf([system.window]),
    server: cpuMsOf([x.pid]),
    viewer: cpuMsOf([viewer.pid]),
    others: machineCpuMs() - cpuMsOf([process.pid]),
    bytes: line.bytesToViewer(),
  })
  const before = load()
  const { changes, after: small } = kind === 'keys' ? await pressKeys(bench) : await stimulus.work(long)
  const after = load()
  const last = small ?? changes.at(-1)
  if (!last) throw new Error(`Nothing changed where there should have been ${kind}.`)
  const sight = await rest(bench, last.atMs)
  const { soon, later, end } = sight
  const percent = (what: 'sender' | 'window' | 'server' | 'viewer' | 'others') =>
    round(((after[what] - before[what]) / (after.atMs - before.atMs)) * 100)
  const bytes = after.bytes - before.bytes
  const shownSeconds = (after.atMs - before.atMs) / 1000
  const figures: Figures = {
    ...timesOf(kind, changes, sight),
    ...(small ? { smallChangeAfterMs: quantileMs(latenciesMs([small], sight.seen), 0) } : {}),
    senderCpuPercent: percent('sender'),
    ...(system.window === undefined ? {} : { ofItWindowCpuPercent: percent('window') }),
    viewerCpuPercent: percent('viewer'),
    xServerCpuPercent: percent('server'),
    othersCpuPercent: percent('others'),
    ...(Number.isNaN(bytes)
      ? {}
      : {
          mbitPerSecond: round((bytes * 8) / shownSeconds / 1e6),
          restKilobytes: Math.round((line.bytesToViewer() - after.bytes) / 1000),
        }),
    psnrSoonDb: soon,
    psnrLaterDb: later,
    isExactSoon: soon === MOST_PSNR_DB ? 1 : 0,
    isExactLater: later === MOST_PSNR_DB ? 1 : 0,
    isExactInTheEnd: end === MOST_PSNR_DB ? 1 : 0,
  }
  return figures
}

function timesOf(kind: Kind, changes: readonly Change[], sight: Sight): Figures {
  const ms = kind === 'keys' ? keyTimes(sight) : latenciesMs(changes, sight.seen)
  const seconds = (changes.at(-1)!.atMs - changes[0]!.atMs) / 1000
  const wanted = new Set(changes.map(({ number }) => number))
  const seen = sight.seen.filter(({ number }) => wanted.has(number))
  const figures: Figures = {
    changes: changes.length,
    seen: seen.length,
    p50Ms: quantileMs(ms, 0.5),
    p95Ms: quantileMs(ms, 0.95),
  }
  if (kind === 'scroll' || kind === 'film') figures.shownFps = round((seen.length - 1) / seconds)
  if (sight.strips.length === 0) return figures
  const until = (what: 'legibleMs' | 'exactMs') =>
    changes.map(({ atMs }, index) => (sight.strips[index]?.[what] ?? Infinity) - atMs)
  for (const [name, times] of [
    ['legible', until('legibleMs')],
    ['exact', until('exactMs')],
  ] as const) {
    figures[`${name}P50Ms`] = quantileMs(times, 0.5)
    figures[`${name}P95Ms`] = quantileMs(times, 0.95)
  }
  return figures
}

function quantileMs(ms: readonly number[], share: number): number {
  return round(Math.min(NEVER_MS, quantile(ms, share)))
}

/** From each key in the page until the change it made is seen there. */
function keyTimes({ keysDownMs, seen }: Sight): number[] {
  return keysDownMs.map((atMs, index) => (seen.find(({ number }) => number > index)?.atMs ?? Infinity) - atMs)
}

async function pressKeys({ stimulus, system }: Bench): Promise<Done> {
  await system.keys!.focus()
  stimulus.awaitKeys()
  for (let key = 0; key < KEYS; key++) {
    await system.page.keyboard.press(key % 2 === 0 ? 'ArrowRight' : 'ArrowLeft')
    await pass(BETWEEN_KEYS_MS + Math.random() * 20)
  }
  return stimulus.keyChanges()
}

/**
 * Looks at the screen at rest: soon, later, and where it is not exact yet, once the line is quiet. What is exact has no
 * error to take a logarithm of: it counts as 99 dB.
 */
async function rest({ x, probe, line, system }: Bench, lastMs: number) {
  const soon = await (await probe.keepPixels(lastMs + SOON_MS)).take()
  const keptLater = await probe.keepPixels(lastMs + LATER_MS)
  const { rgb } = await x.screenshot()
  const against = (pixels: Uint8Array) => Math.min(MOST_PSNR_DB, round(psnrDb(pixels, rgb)))
  const later = against(await keptLater.take())
  let end = later
  if (later !== MOST_PSNR_DB && system.becomesExact) {
    await line.quiet()
    end = against(await (await probe.keepPixels(0)).take())
  }
  return { ...(await probe.stop()), soon: against(soon), later, end }
}
