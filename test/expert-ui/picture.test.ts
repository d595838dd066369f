import fc from 'fast-check'
import t from 'tap'
import type { ScreenLayout } from '../../protocol/messages/picture.ts'
import { digestOf, noise, paint, rgba, watch } from './picture-stage.ts'
import {
  type CodedTile,
  coloursIn,
  encodeTile,
  encodeUpdate,
  type PlainCoding,
  type Rgb,
} from './reference-encoder.ts'
import { desktopTiles, drawDesktop, ONE_MONITOR, TWO_MONITORS } from './sample-desktop.ts'

for (const [name, layout] of Object.entries({ one: ONE_MONITOR, two: TWO_MONITORS })) {
  t.test(`the canvas is the screen, pixel for pixel, with ${name} monitor(s)`, async (t) => {
    const page = await watch()
    t.teardown(() => page.close())
    const screen = await drawDesktop(layout)
    t.equal(await page.picture(encodeUpdate(1, desktopTiles(screen, layout), layout)), 'drawn')
    const canvas = page.at('picture-canvas')
    t.same(await canvas.evaluate((one: HTMLCanvasElement) => [one.width, one.height]), [
      layout.width,
      layout.height,
    ])
    t.equal(await page.pixelsDigest(), digestOf(screen))

    const zoom = page.at('zoom-actual')
    await zoom.click()
    if (name === 'two') await page.at('monitor-2').click()
    t.equal(await page.pixelsDigest(), digestOf(screen), 'whatever part is shown at what size')
    t.same(await page.violations(), [])
    t.same(page.troubles, [])
  })
}

t.test('at actual size the page shows the very pixels of the screen', async (t) => {
  const page = await watch()
  t.teardown(() => page.close())
  const layout: ScreenLayout = {
    width: 640,
    height: 400,
    monitors: [{ id: 'a', primary: true, x: 0, y: 0, width: 640, height: 400 }],
  }
  const pixels = Uint8Array.from({ length: 640 * 400 * 3 }, (_, at) => ((at % 3) * 90 + (at >> 3)) & 255)
  const screen = { width: 640, height: 400, pixels }
  await page.picture(
    encodeUpdate(1, [encodeTile(screen, { x: 0, y: 0, width: 640, height: 400 }, 'rgb')], layout),
  )
  await page.at('zoom-actual').click()
  const shot = await page.at('picture-canvas').screenshot({ type: 'png' })
  const { default: sharp } = await import('sharp')
  const seen = await sharp(shot).removeAlpha().raw().toBuffer({ resolveWithObject: true })
  t.match(seen.info, { width: 640, height: 400 })
  t.equal(Buffer.compare(seen.data, Buffer.from(pixels)), 0)
})

t.test('any sequence of updates leaves exactly what was sent', async (t) => {
  const page = await watch()
  t.teardown(() => page.close())
  let seq = 0
  const change = fc.tuple(fc.nat(62), fc.nat(46)).chain(([x, y]) =>
    fc.record({
      x: fc.constant(x),
      y: fc.constant(y),
      width: fc.integer({ min: 1, max: 63 - x }),
      height: fc.integer({ min: 1, max: 47 - y }),
      most: fc.constantFrom(0, 3, 255),
      seed: fc.nat(),
    }),
  )
  const layout: ScreenLayout = {
    width: 63,
    height: 47,
    monitors: [{ id: 'a', primary: true, x: 0, y: 0, width: 63, height: 47 }],
  }
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(change, { maxLength: 2 }), { minLength: 1, maxLength: 6 }),
      async (updates) => {
        const screen: Rgb = { width: 63, height: 47, pixels: new Uint8Array(63 * 47 * 3) }
        for (const [index, changes] of updates.entries()) {
          const tiles: CodedTile[] = []
          for (const { most, seed, ...place } of changes) {
            const source = noise(63, 47, most, seed)
            const colours = coloursIn(source, place)
            const coding: PlainCoding = colours === 1 ? 'solid' : colours <= 256 ? 'palette' : 'rgb'
            tiles.push(encodeTile(source, place, coding))
            paint(screen, place, source)
          }
          seq++
          const answer = await page.picture(encodeUpdate(seq, tiles, index === 0 ? layout : undefined))
          if (answer !== 'drawn') throw new Error(answer)
        }
        const { rgba: seen } = await page.pixels()
        if (Buffer.compare(seen, rgba(screen)) !== 0) throw new Error('the canvas differs')
      },
    ),
    { numRuns: 20 },
  )
  t.same(page.troubles, [])
})
