import fc from 'fast-check'
import t from 'tap'
import { type Band, takeAll, takeChanges } from '../../../peer-agent/picture/changed-parts.ts'
import { createFramebuffer } from '../../../peer-agent/picture/framebuffer.ts'
import { codeTile } from '../../../peer-agent/picture/tile-coder.ts'
import { decodeTile } from '../../fixtures/decode-tiles.ts'

t.test('every rectangle comes back exactly, whatever its colours', async (t) => {
  const picture = fc.record({
    width: fc.integer({ min: 1, max: 150 }),
    height: fc.integer({ min: 1, max: 90 }),
    colours: fc.constantFrom(1, 2, 17, 255, 256, 257, 5000),
    seed: fc.integer(),
  })
  await t.resolves(
    fc.assert(
      fc.asyncProperty(picture, async ({ width, height, colours, seed }) => {
        const band = noise(width, height, colours, seed)
        const rect = {
          x: Math.floor(width / 3),
          y: Math.floor(height / 4),
          width: width - Math.floor(width / 3),
          height: height - Math.floor(height / 4),
        }
        const { tile, bytes } = await codeTile(rect, band)
        return Buffer.compare(decodeTile(tile, bytes), rgbOf(band, rect)) === 0
      }),
      { numRuns: 120, seed: 20240501 },
    ),
  )
})

t.test('the coding follows the number of colours', async (t) => {
  const codingOf = async (colours: number) =>
    (await codeTile({ x: 0, y: 0, width: 64, height: 64 }, noise(64, 64, colours, 7))).tile.coding
  t.equal(await codingOf(1), 'solid')
  t.equal(await codingOf(2), 'palette')
  t.equal(await codingOf(256), 'palette')
  t.equal(await codingOf(100_000), 'rgb')
})

t.test('the undefined byte of a pixel is no colour', async (t) => {
  const band = noise(64, 64, 1, 1)
  for (let i = 0; i < band.words.length; i += 2) band.words[i]! |= 0x7f000000
  const { tile } = await codeTile(band.place, band)
  t.equal(tile.coding, 'solid')
})

t.test('changes are found to the pixel, and once', async (t) => {
  const shadow = createFramebuffer(300, 200)
  const band = bandOf(300, 200)
  t.same(takeChanges(band, shadow), [])
  band.words[70 * 300 + 130] = 0xff0000
  band.words[75 * 300 + 140] = 0x00ff00
  t.same(takeChanges(band, shadow), [{ x: 130, y: 70, width: 11, height: 6 }])
  t.same(takeChanges(band, shadow), [])
  t.equal(Buffer.compare(shadow.bytes, band.bytes), 0)
})

t.test('neighbouring changes become one rectangle, distant ones do not', async (t) => {
  const shadow = createFramebuffer(400, 64)
  const band = bandOf(400, 64)
  for (let x = 50; x < 90; x++) band.words[10 * 400 + x] = 1
  for (let y = 0; y < 64; y++) band.words[y * 400 + 390] = 1
  t.same(takeChanges(band, shadow), [
    { x: 50, y: 10, width: 40, height: 1 },
    { x: 390, y: 0, width: 1, height: 64 },
  ])
})

t.test('everything comes in parts small enough for a palette, and covers the band', async (t) => {
  const parts = takeAll(bandOf(1300, 130), createFramebuffer(1300, 130))
  t.ok(parts.every(({ width, height }) => width <= 512 && height <= 64))
  t.equal(
    parts.reduce((sum, { width, height }) => sum + width * height, 0),
    1300 * 130,
  )
})

function bandOf(width: number, height: number): Band {
  const { bytes, words } = createFramebuffer(width, height)
  return { place: { x: 0, y: 0, width, height }, bytes, words }
}

function noise(width: number, height: number, colours: number, seed: number): Band {
  const band = bandOf(width, height)
  let state = seed | 1
  for (let i = 0; i < band.words.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) | 0
    // Every colour at least once, then at random.
    const nth = i < colours ? i : (state >>> 8) % colours
    band.words[i] = Math.imul(nth + 1, 0x9e3779b1) & 0xffffff
  }
  return band
}

function rgbOf(band: Band, rect: { x: number; y: number; width: number; height: number }): Buffer {
  const rgb = Buffer.alloc(rect.width * rect.height * 3)
  for (let y = 0, at = 0; y < rect.height; y++) {
    for (let x = 0; x < rect.width; x++, at += 3) {
      rgb.writeUIntBE(band.words[(rect.y + y) * band.place.width + rect.x + x]! & 0xffffff, at, 3)
    }
  }
  return rgb
}
