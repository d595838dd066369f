import type { CustomerStage } from '../deploy/stage/customer.ts'
import type { Scene } from '../deploy/stage/session.ts'
import { until } from '../deploy/stage/until.ts'
import type { InputWitness, Witnessed } from '../test/fixtures/input-witness.ts'
import { KEYSYMS } from '../test/fixtures/physical-input.ts'

export interface TakeOvers {
  /** From the first event of the customer's hands to the last injected event, by the X server's clock. */
  readonly yieldsMs: number[]
  /** From the last event of the customer's hands to the next injected event. */
  readonly restsMs: number[]
  /** Injected events that came after the yield and before the rest was over. */
  readonly lateEvents: number
  /** How often the page lost the mouse without the customer having touched theirs. */
  readonly falseTakeOvers: number
}

/** An injected event later than this after the hands is not the yield's tail but a breach. */
const TAIL_MS = 1_000
/** So much must have been injected since the last take-over, and this lately, for one to happen under load. */
const LEAST_FLOWING = 25
const FLOWING_WITHIN_MS = 100

/** Takes over again and again while the expert's page sends whatever hands can: moves, clicks, wheel, text, keys. */
export async function measureTakeOvers(
  scene: Scene,
  customer: CustomerStage,
  witness: InputWitness,
  count: number,
): Promise<TakeOvers> {
  const { expert } = scene
  const { hands } = customer
  const yieldsMs: number[] = []
  const restsMs: number[] = []
  let lateEvents = 0
  const losses = await watchLosses(scene)
  const load = startLoad(scene)
  let lastInjectedAtMs = Number.NEGATIVE_INFINITY
  witness.onInput(({ isInjected }) => {
    if (isInjected) lastInjectedAtMs = performance.now()
  })
  const ways = [
    () => hands.moveTo(200 + (yieldsMs.length % 300), 700),
    () => hands.key(KEYSYMS.Shift),
    () => hands.click(2),
    () => hands.click(3),
  ]
  for (let turn = 0; turn < count; turn++) {
    const injectedBefore = witness.injected().length
    await expert.waitForHolder('expert', 20_000)
    await until(
      () =>
        performance.now() - lastInjectedAtMs < FLOWING_WITHIN_MS &&
        witness.injected().length >= injectedBefore + LEAST_FLOWING,
      20_000,
      () => `nothing is injected any more at take-over ${turn}:\n${load.trouble()}`,
    )
    const from = witness.seen.length
    await ways[turn % ways.length]!()
    // What comes next by injection ends this turn: the rest is over.
    await until(
      () => resumed(witness.seen.slice(from)) !== undefined,
      20_000,
      () => `control did not come back after take-over ${turn}:\n${load.trouble()}`,
    )
    const events = witness.seen.slice(from)
    const own = events.filter(({ isInjected }) => !isInjected)
    const firstMs = own[0]!.serverMs
    const lastMs = own.at(-1)!.serverMs
    const tail = events.filter(({ isInjected, serverMs }) => isInjected && serverMs - firstMs < TAIL_MS)
    yieldsMs.push(Math.max(0, ...tail.map(({ serverMs }) => serverMs - firstMs)))
    const next = resumed(events)!
    restsMs.push(next.serverMs - lastMs)
    const yieldEndMs = firstMs + yieldsMs.at(-1)!
    lateEvents += events.filter(
      ({ isInjected, serverMs }) => isInjected && serverMs > yieldEndMs && serverMs < lastMs + 2_000,
    ).length
    if ((turn + 1) % 50 === 0) console.error(`${turn + 1} of ${count} take-overs`)
  }
  await load.stop()
  return { yieldsMs, restsMs, lateEvents, falseTakeOvers: (await losses()) - count }
}

/** The first injected event after the hands have rested. */
function resumed(events: readonly Witnessed[]): Witnessed | undefined {
  const firstMs = events.find(({ isInjected }) => !isInjected)?.serverMs
  if (firstMs === undefined) return undefined
  return events.find(({ isInjected, serverMs }) => isInjected && serverMs - firstMs >= TAIL_MS)
}

/** Counts in the page how often the expert lost the mouse. */
async function watchLosses({ expert }: Scene): Promise<() => Promise<number>> {
  await expert.page.evaluate(() => {
    const scope = globalThis as unknown as { lotseLosses: number }
    scope.lotseLosses = 0
    let before: string | null | undefined = 'expert'
    new MutationObserver(() => {
      const now = document.querySelector('[data-test="holder"]')?.getAttribute('data-holder')
      if (before === 'expert' && now === 'customer') scope.lotseLosses++
      before = now
    }).observe(document.body, { subtree: true, childList: true, attributes: true })
  })
  return () => expert.page.evaluate(() => (globalThis as unknown as { lotseLosses: number }).lotseLosses)
}

/** Mouse and keyboard of the expert's browser without a pause, over the desktop's background. */
function startLoad({ expert }: Scene): { stop(): Promise<void>; trouble(): string } {
  let isOver = false
  let trouble = ''
  const run = async () => {
    const corner = await expert.pointOf(620, 300)
    const { mouse, keyboard } = expert.page
    await mouse.click(corner.x, corner.y)
    for (let n = 0; !isOver; n++) {
      await mouse.move(corner.x + (n % 200), corner.y + ((n * 7) % 150))
      if (n % 8 === 0) await mouse.click(corner.x + (n % 200), corner.y + 10)
      if (n % 8 === 2) await mouse.wheel(0, 40)
      if (n % 4 === 1) await keyboard.insertText('äö€x')
      if (n % 8 === 5) await keyboard.press('ArrowLeft')
    }
  }
  const ended = run().catch((error) => {
    trouble = String(error)
  })
  return {
    async stop() {
      isOver = true
      await ended
    },
    trouble: () => trouble,
  }
}
