import type { Scene } from '../deploy/stage/session.ts'
import { until } from '../deploy/stage/until.ts'
import { openSignalWindow } from './signal-window.ts'

export interface RoundTrips {
  /** From the key or button event in the expert's page to the changed pixel of its canvas. */
  readonly keyMs: number[]
  readonly clickMs: number[]
}

const ROUNDS = 200
const PLACE = { x: 900, y: 500, width: 120, height: 90 }

/** A window on the customer's screen changes its colour with each key and click; the page looks at its own canvas. */
export async function measureRoundTrips(scene: Scene): Promise<RoundTrips> {
  const window = await openSignalWindow(scene.x, PLACE)
  try {
    const { expert } = scene
    const at = await expert.pointOf(PLACE.x + 40, PLACE.y + 40)
    await expert.page.mouse.click(at.x, at.y)
    await until(
      () => window.changes() > 0,
      10_000,
      () => 'the click did not reach the window on the customer’s screen',
    )
    const measure = async (type: 'keydown' | 'pointerdown', act: () => Promise<void>) => {
      const times: number[] = []
      for (let round = 0; round < ROUNDS; round++) {
        const change = watchPixel(scene, type)
        await act()
        times.push(await change)
      }
      return times
    }
    const keyMs = await measure('keydown', () => expert.page.keyboard.press('ArrowRight'))
    const clickMs = await measure('pointerdown', () => expert.page.mouse.click(at.x, at.y))
    return { keyMs, clickMs }
  } finally {
    window.close()
  }
}

/** Resolves with the time from the next event of this type in the page to a change of the window's pixel. */
function watchPixel({ expert }: Scene, type: string): Promise<number> {
  return expert.page.evaluate(
    async ([type, x, y]) => {
      const canvas = document.querySelector('[data-test="picture-canvas"]') as HTMLCanvasElement
      const dot = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true })!
      const turn = () =>
        new Promise<void>((resolve) => {
          const { port1, port2 } = new MessageChannel()
          port1.onmessage = () => resolve()
          port2.postMessage(null)
        })
      let fromMs = 0
      addEventListener(type, () => (fromMs = performance.now()), { capture: true, once: true })
      dot.drawImage(canvas, x, y, 1, 1, 0, 0, 1, 1)
      const before = dot.getImageData(0, 0, 1, 1).data.join()
      for (const endMs = performance.now() + 5_000; performance.now() < endMs; ) {
        await turn()
        dot.drawImage(canvas, x, y, 1, 1, 0, 0, 1, 1)
        if (dot.getImageData(0, 0, 1, 1).data.join() !== before) return performance.now() - fromMs
      }
      throw new Error('the pixel did not change')
    },
    [type, PLACE.x + 10, PLACE.y + 10] as const,
  )
}
