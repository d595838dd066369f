import t from 'tap'
import type { ScreenLayout } from '../../protocol/messages/picture.ts'
import type { TestPage } from './browser.ts'
import { noise, rgba, watch } from './picture-stage.ts'
import { type CodedTile, encodeImageTile, encodeTile, encodeUpdate } from './reference-encoder.ts'

const [width, height] = [257, 131]
const layout: ScreenLayout = {
  width,
  height,
  monitors: [{ id: 'a', primary: true, x: 0, y: 0, width, height }],
}
const whole = { x: 0, y: 0, width, height }
const screen = noise(width, height, 255, 5)
const exact = await encodeImageTile(screen, whole, 'webp')
const rough = await encodeImageTile(screen, whole, 'jpeg')

/** Chromium decodes images in two ways; other browsers may have only the second. */
const pages: Record<string, () => Promise<TestPage>> = {
  ImageDecoder: watch,
  createImageBitmap: () =>
    watch(async (page) => {
      await page.route('**/picture-worker*.js', async (route) => {
        const response = await route.fetch()
        const body = `delete self.ImageDecoder;${await response.text()}`
        await route.fulfill({ response, body })
      })
    }),
}

for (const [way, open] of Object.entries(pages)) {
  t.test(`images are drawn by ${way}`, async (t) => {
    const page = await open()
    t.teardown(() => page.close())
    t.equal(await page.picture(encodeUpdate(1, [exact], layout)), 'drawn')
    t.equal(Buffer.compare((await page.pixels()).rgba, rgba(screen)), 0, 'lossless WebP is exact')

    const colour = [200, 60, 30, 255]
    const flat = { width, height, pixels: Uint8Array.from(screen.pixels, (_, at) => colour[at % 3]!) }
    t.equal(await page.picture(encodeUpdate(2, [await encodeImageTile(flat, whole, 'jpeg')])), 'drawn')
    const seen = (await page.pixels()).rgba
    const furthest = seen.reduce((most, value, at) => Math.max(most, Math.abs(value - colour[at % 4]!)), 0)
    t.ok(furthest <= 3, `JPEG is ${furthest} away at most`)

    const cutShort = (tile: CodedTile): CodedTile => {
      const bytes = tile.bytes.subarray(0, 60)
      return { tile: { ...tile.tile, bytes: bytes.byteLength }, bytes }
    }
    for (const broken of [cutShort(exact), cutShort(rough)]) {
      const update = encodeUpdate(3, [encodeTile(screen, whole, 'rgb'), broken])
      t.equal(await page.picture(update), 'malformed', `[S2] ${broken.tile.coding} cut short`)
    }
    t.equal(Buffer.compare((await page.pixels()).rgba, seen), 0, '[S2] and nothing of it was drawn')
    t.equal(await page.picture(encodeUpdate(3, [rough, exact])), 'drawn')
    t.equal(Buffer.compare((await page.pixels()).rgba, rgba(screen)), 0, 'the last of them lies on top')
    t.same(await page.violations(), [])
    t.same(page.troubles, [])
  })
}
