import { openScene } from '../deploy/stage/session.ts'
import { openInputWitness } from '../test/fixtures/input-witness.ts'
import { quantile, round } from './figures.ts'
import type { BenchResult } from './result.ts'
import { measureRoundTrips } from './round-trip.ts'
import { measureTakeOvers } from './take-over.ts'

/**
 * Remote control through everything that is real: Chromium, service, recorder, agent, X server. How fast it yields to
 * the customer's hands under full load [K2], that it never yields to its own input [K4], that it comes back only after
 * their rest [K3], and how long from a key or click to the changed pixel.
 */
const MOST_YIELD_P99_MS = 50
const LEAST_REST_MS = 2_000
const LEAST_INJECTED = 10_000
const MOST_ROUND_TRIP_P50_MS = 30

export async function run(): Promise<BenchResult> {
  const takeOvers = Number(process.env.LOTSE_BENCH_TAKE_OVERS ?? 500)
  const scene = await openScene()
  const witness = await openInputWitness(scene.x.display)
  try {
    const customer = await scene.openCustomer()
    await scene.share(customer)
    await scene.steer(customer)
    const roundTrips = await measureRoundTrips(scene)
    const { yieldsMs, restsMs, lateEvents, falseTakeOvers } = await measureTakeOvers(
      scene,
      customer,
      witness,
      takeOvers,
    )
    const injected = witness.injected().length
    const figures = {
      takeOvers: yieldsMs.length,
      yieldP50Ms: quantile(yieldsMs, 0.5),
      yieldP90Ms: quantile(yieldsMs, 0.9),
      yieldP99Ms: quantile(yieldsMs, 0.99),
      yieldMaxMs: Math.max(...yieldsMs),
      eventsAfterTheYield: lateEvents,
      restLeastMs: Math.min(...restsMs),
      restP50Ms: quantile(restsMs, 0.5),
      injectedEvents: injected,
      falseTakeOvers,
      keyToPixelP50Ms: round(quantile(roundTrips.keyMs, 0.5)),
      keyToPixelP95Ms: round(quantile(roundTrips.keyMs, 0.95)),
      clickToPixelP50Ms: round(quantile(roundTrips.clickMs, 0.5)),
      clickToPixelP95Ms: round(quantile(roundTrips.clickMs, 0.95)),
    }
    return { figures, fallsShort: shortOf(figures, takeOvers) }
  } finally {
    witness.close()
    await scene.close()
  }
}

function shortOf(figures: Record<string, number>, takeOvers: number): string[] {
  const short: string[] = []
  const most = (name: string, limit: number) => {
    if (!(figures[name]! <= limit)) short.push(`${name} is ${figures[name]}, more than ${limit}`)
  }
  const least = (name: string, limit: number) => {
    if (!(figures[name]! >= limit)) short.push(`${name} is ${figures[name]}, less than ${limit}`)
  }
  least('takeOvers', takeOvers)
  most('yieldP99Ms', MOST_YIELD_P99_MS)
  most('eventsAfterTheYield', 0)
  least('restLeastMs', LEAST_REST_MS)
  least('injectedEvents', LEAST_INJECTED)
  most('falseTakeOvers', 0)
  most('keyToPixelP50Ms', MOST_ROUND_TRIP_P50_MS)
  most('clickToPixelP50Ms', MOST_ROUND_TRIP_P50_MS)
  return short
}
