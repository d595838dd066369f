import type { Page, Worker } from 'playwright-core'
import { BARCODE, BLOCK_PIXELS, readBarcode } from './barcode.ts'
import { installProbe, type PageProbe, type Seen, type Subject } from './probe-in-page.ts'
import type { Strips } from './work.ts'

/** From this on text counts as legible; what is coded coarsely comes later to its full sharpness. */
export const LEGIBLE_DB = 35

/** Eyes on the page that shows the picture. */
export interface Probe {
  watch(barcode: { x: number; y: number }, strips?: Strips): Promise<void>
  stop(): Promise<Sight>
  /** The whole picture as it was at that time: RGB, 3 bytes a pixel. `take` fetches it, which takes a while. */
  keepPixels(atMs: number): Promise<{ take(): Promise<Uint8Array> }>
}

export interface Sight {
  /** When each change was first seen, in the order of their numbers. */
  readonly seen: readonly { readonly number: number; readonly atMs: number }[]
  readonly strips: Seen['strips']
  readonly keysDownMs: readonly number[]
}

/** `eyes` is where the picture's pixels are: the page, or the worker that draws them. */
export async function openProbe(
  page: Page,
  eyes: Page | Worker,
  subject: Subject,
  screen: { width: number; height: number },
): Promise<Probe> {
  // tsx gives functions their names with a helper that the page does not have.
  await evaluateIn(eyes, 'globalThis.__name = (named) => named', undefined)
  const program = `(${installProbe})(${JSON.stringify(subject)}, ${JSON.stringify(screen)})`
  await evaluateIn(eyes, program, undefined)
  await page.evaluate(noteKeys)
  return {
    async watch(barcode, strips) {
      const order = {
        barcode: { ...barcode, ...BARCODE },
        blockPixels: BLOCK_PIXELS,
        places: strips?.places ?? [],
        expected: strips?.rgb.map((rgb) => Buffer.from(rgb).toString('base64')) ?? [],
        legibleDb: LEGIBLE_DB,
      }
      await evaluateIn(eyes, (order) => (globalThis as unknown as Noted).lotseProbe.watch(order), order)
    },
    async stop() {
      const found = await evaluateIn(
        eyes,
        () => (globalThis as unknown as Noted).lotseProbe.stop(),
        undefined,
      )
      const keysDownMs = await page.evaluate(() => (globalThis as unknown as Noted).lotseKeysDownMs.splice(0))
      return { ...found, keysDownMs, seen: firstSights(found.barcodes) }
    },
    async keepPixels(atMs) {
      await evaluateIn(eyes, (atMs) => (globalThis as unknown as Noted).lotseProbe.keepPixels(atMs), atMs)
      return {
        async take() {
          const base64 = await evaluateIn(
            eyes,
            () => (globalThis as unknown as Noted).lotseProbe.takePixels(),
            undefined,
          )
          return rgbOf(Buffer.from(base64, 'base64'))
        },
      }
    },
  }
}

/** Page and worker offer the same, but no type that says so. */
function evaluateIn<Given, Found>(
  eyes: Page | Worker,
  act: string | ((given: Given) => Found | Promise<Found>),
  given: Given,
): Promise<Found> {
  return (eyes as Page).evaluate(act as never, given as never) as Promise<Found>
}

function noteKeys(): void {
  const keysDownMs: number[] = []
  Object.assign(globalThis, { lotseKeysDownMs: keysDownMs })
  addEventListener('keydown', () => void keysDownMs.push(performance.timeOrigin + performance.now()), {
    capture: true,
  })
}

interface Noted {
  lotseProbe: PageProbe
  lotseKeysDownMs: number[]
}

function firstSights(barcodes: Seen['barcodes']): Sight['seen'] {
  const first = new Map<number, number>()
  for (const { blocks, atMs } of barcodes) {
    const number = readBarcode([...blocks].map((block) => block === '1'))
    if (number !== null && !first.has(number)) first.set(number, atMs)
  }
  return [...first].map(([number, atMs]) => ({ number, atMs })).sort((a, b) => a.number - b.number)
}

function rgbOf(rgba: Buffer): Uint8Array {
  const rgb = new Uint8Array((rgba.length / 4) * 3)
  for (let from = 0, to = 0; from < rgba.length; from += 4, to += 3) {
    rgb[to] = rgba[from]!
    rgb[to + 1] = rgba[from + 1]!
    rgb[to + 2] = rgba[from + 2]!
  }
  return rgb
}
