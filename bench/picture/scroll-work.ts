import { BARCODE } from './barcode.ts'
import type { Random } from './random.ts'
import type { Screen } from './screen.ts'
import { STYLES, textPage } from './text.ts'
import type { Work } from './work.ts'

const STEPS_PER_SECOND = 30
const LEAST_STEP = 8
const MOST_STEP = 24
const MOST_PAGE_PIXELS = 12_000

/** A screen full of text scrolls as programs do it: what stays is copied within the window, what is new is drawn. */
export async function scrollWork(screen: Screen, random: Random, seconds: number): Promise<Work> {
  const { width, height } = screen
  const wanted = height + seconds * STEPS_PER_SECOND * MOST_STEP
  const page = await textPage(width, Math.min(wanted, MOST_PAGE_PIXELS), STYLES[0]!, random)
  const id = screen.keep(page)
  const barcode = { x: 784, y: 524 }
  let top = 0

  /** Part of the page, which has no end: after its last row comes its first. */
  const draw = (x: number, y: number, wide: number, high: number) => {
    for (let done = 0; done < high; ) {
      const from = (top + y + done) % page.height
      const rows = Math.min(high - done, page.height - from)
      screen.copy(id, x, from, { x, y: y + done, width: wide, height: rows })
      done += rows
    }
  }
  return {
    barcode,
    everyMs: 1000 / STEPS_PER_SECOND,
    jitterMs: 1.5,
    begin: () => draw(0, 0, width, height),
    after: () => screen.fill({ x: barcode.x, y: barcode.y + BARCODE.height, width: 60, height: 20 }, true),
    step() {
      const pixels = random.whole(LEAST_STEP, MOST_STEP)
      top = (top + pixels) % page.height
      screen.copy(screen.window, 0, pixels, { x: 0, y: 0, width, height: height - pixels })
      draw(0, height - pixels, width, pixels)
      // The barcode of the change before moved up with the text: the text comes back there.
      draw(barcode.x, barcode.y - pixels, BARCODE.width, BARCODE.height)
    },
  }
}
