import { createHash } from 'node:crypto'
import type { Page } from 'playwright-core'
import t from 'tap'
import { launch, TestPage } from './browser.ts'
import { buildTestPage } from './page-build.ts'
import { servePage } from './page-server.ts'
import type { Place, Rgb } from './reference-encoder.ts'
import { WATCHING } from './sample-watching.ts'

export const built = await buildTestPage()
export const server = await servePage(built.folder)
export const browser = await launch()
t.teardown(async () => {
  await browser.close()
  await server.close()
})

/** @param prepare is given the page before anything is loaded into it */
export async function watch(prepare?: (page: Page) => Promise<unknown>): Promise<TestPage> {
  const page = await TestPage.open(browser, server.origin, {}, prepare)
  await page.phase('idle')
  await page.show({ phase: 'connecting', waitingForRecorder: false })
  await page.show(WATCHING)
  await page.phase('watching')
  return page
}

/** What `pixelsDigest` says where the canvas is this screen. */
export const digestOf = (screen: Rgb): string => createHash('sha256').update(rgba(screen)).digest('hex')

export const rgba = (screen: Rgb): Buffer => {
  const out = Buffer.alloc(screen.width * screen.height * 4, 255)
  for (let from = 0, to = 0; from < screen.pixels.length; from += 3, to += 4)
    out.set(screen.pixels.subarray(from, from + 3), to)
  return out
}

export function paint(screen: Rgb, place: Place, source: Rgb): void {
  for (let row = 0; row < place.height; row++) {
    const at = ((place.y + row) * screen.width + place.x) * 3
    screen.pixels.set(source.pixels.subarray(at, at + place.width * 3), at)
  }
}

export function noise(width: number, height: number, most: number, seed: number): Rgb {
  let state = seed | 1
  const pixels = Uint8Array.from({ length: width * height * 3 }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) | 0
    return (state >>> 16) % (most + 1)
  })
  return { width, height, pixels }
}
