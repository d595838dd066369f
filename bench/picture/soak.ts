import { quantile, round } from '../figures.ts'
import { type Bench, measure } from './measure.ts'
import { withBench } from './open-bench.ts'
import { treesOf } from './process-load.ts'
import { randomFrom } from './random.ts'
import type { Kind } from './work.ts'

/** A random walk over the kinds of work; after each leg the memory of agent and page is noted. */
const MINUTES = Number(process.env.LOTSE_BENCH_MINUTES ?? 30)
const WALK: readonly Kind[] = ['idle', 'typing', 'scroll', 'film', 'fullscreen']
const LEAST_SECONDS = 8
const MOST_SECONDS = 30
const MOST_AGENT_MB = 250
/** Memory counts as flat while the last quarter's middle lies at most so far above the second quarter's. */
const MOST_GROWTH = 1.1
const MEGABYTE = 1024 * 1024

interface Memory {
  readonly agentMb: number
  readonly pageHeapMb: number
  readonly viewerMb: number
}

const seed = Math.floor(Math.random() * 2 ** 31)
const random = randomFrom(seed)
const memories: Memory[] = []
let inexactLegs = 0
await withBench('full', 'lotse', false, async (bench) => {
  const page = await bench.system.page.context().newCDPSession(bench.system.page)
  await page.send('HeapProfiler.enable')
  const heapBytes = async () => {
    await page.send('HeapProfiler.collectGarbage')
    return (await page.send('Runtime.getHeapUsage')).usedSize
  }
  const end = performance.now() + MINUTES * 60_000
  while (performance.now() < end) {
    const kind = random.pick(WALK)
    const figures = await measure(
      bench,
      kind,
      seed + memories.length,
      random.whole(LEAST_SECONDS, MOST_SECONDS),
    )
    if (figures.isExactInTheEnd !== 1) inexactLegs++
    const memory = memoryOf(bench, await heapBytes())
    memories.push(memory)
    console.error(`${kind}: ${Object.entries(memory).map(([what, mb]) => `${what} ${Math.round(mb)}`)}`)
  }
})
const fallsShort: string[] = []
const figures: Record<string, number> = { minutes: MINUTES, legs: memories.length, inexactLegs }
if (inexactLegs > 0)
  fallsShort.push(`after ${inexactLegs} of ${memories.length} legs the canvas was not the screen`)
for (const what of ['agentMb', 'pageHeapMb', 'viewerMb'] as const) {
  const all = memories.map((memory) => memory[what])
  const quarter = (n: number) =>
    quantile(all.slice(Math.floor((all.length * n) / 4), Math.ceil((all.length * (n + 1)) / 4)), 0.5)
  figures[`${what} most`] = round(Math.max(...all))
  figures[`${what} second quarter`] = round(quarter(1))
  figures[`${what} last quarter`] = round(quarter(3))
  if (quarter(3) > quarter(1) * MOST_GROWTH)
    fallsShort.push(`${what} grows from ${round(quarter(1))} to ${round(quarter(3))}`)
}
if (figures['agentMb most']! > MOST_AGENT_MB)
  fallsShort.push(`agentMb is ${figures['agentMb most']} at most, more than ${MOST_AGENT_MB}`)
process.send!({ figures, fallsShort })
process.exit()

/** The agent's own process is the largest of those on the customer's side that are not a browser's. */
function memoryOf({ system, viewer }: Bench, heapBytes: number): Memory {
  const own = treesOf(system.senders).filter(({ command }) => !/^\S*chromium/.test(command))
  return {
    agentMb: Math.max(...own.map(({ residentBytes }) => residentBytes)) / MEGABYTE,
    pageHeapMb: heapBytes / MEGABYTE,
    viewerMb: treesOf([viewer.pid]).reduce((sum, { residentBytes }) => sum + residentBytes, 0) / MEGABYTE,
  }
}
