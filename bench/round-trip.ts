import { waitForSamePixels } from '../deploy/stage/same-pixels.ts'
import type { Scene } from '../deploy/stage/session.ts'
import { until } from '../deploy/stage/until.ts'
import { openSignalWindow } from './signal-window.ts'

export interface RoundTrips {
  /** From the key or button event in the expert's page until the change it made is drawn on the page's canvas. */
  readonly keyMs: number[]
  readonly clickMs: number[]
}

const ROUNDS = 200
const PLACE = { x: 640, y: 420, width: 120, height: 90 }
/** What the change before may still bring is over by then. */
const SETTLE_MS = 60

/**
 * A window on the customer's screen changes its colour with each key and click. The page tells the agent of each
 * update once it is on its canvas (`drawn`): that is when the pixel has changed. At the end the canvas must be the
 * screen.
 */
export async function measureRoundTrips(scene: Scene): Promise<RoundTrips> {
  const window = await openSignalWindow(scene.x, PLACE)
  const { expert } = scene
  try {
    await watchPage(scene)
    const at = await expert.pointOf(PLACE.x + 40, PLACE.y + 40)
    const measure = async (act: () => Promise<void>) => {
      const times: number[] = []
      for (let round = 0; round < ROUNDS; round++) {
        await new Promise((resolve) => setTimeout(resolve, SETTLE_MS))
        const [changes, drawn] = [window.changes(), (await seenByPage(scene)).drawnMs.length]
        await act()
        await until(
          async () => window.changes() > changes && (await seenByPage(scene)).drawnMs.length > drawn,
          10_000,
          () => 'a key or click did not come back as a picture',
        )
        const { inputMs, drawnMs } = await seenByPage(scene)
        times.push(drawnMs.find((ms) => ms > inputMs)! - inputMs)
      }
      return times
    }
    await expert.page.mouse.click(at.x, at.y)
    const keyMs = await measure(() => expert.page.keyboard.press('ArrowRight'))
    const clickMs = await measure(() => expert.page.mouse.click(at.x, at.y))
    await waitForSamePixels(scene.x, expert)
    return { keyMs, clickMs }
  } finally {
    window.close()
  }
}

interface Seen {
  inputMs: number
  drawnMs: number[]
}

/** Notes when the last key or button went down, and when each update was drawn since. */
function watchPage({ expert }: Scene): Promise<void> {
  // No named function in here: tsx would need a helper for it.
  return expert.page.evaluate(() => {
    const seen: Seen = { inputMs: 0, drawnMs: [] }
    Object.assign(globalThis, { lotseSeen: seen })
    for (const type of ['keydown', 'pointerdown'])
      addEventListener(type, () => (seen.inputMs = performance.now()), { capture: true })
    const { send } = RTCDataChannel.prototype
    RTCDataChannel.prototype.send = function (this: RTCDataChannel, data: unknown) {
      if (typeof data === 'string' && data.includes('"t":"drawn"')) seen.drawnMs.push(performance.now())
      Reflect.apply(send, this, [data])
    } as typeof send
  })
}

function seenByPage({ expert }: Scene): Promise<Seen> {
  return expert.page.evaluate(() => (globalThis as unknown as { lotseSeen: Seen }).lotseSeen)
}
