import { deflateRawSync } from 'node:zlib'
import fc from 'fast-check'
import t from 'tap'
import type { Watching } from '../../expert-ui/session/view.ts'
import type { ScreenLayout, Tile } from '../../protocol/messages/picture.ts'
import { launch, TestPage } from './browser.ts'
import { buildTestPage } from './page-build.ts'
import { servePage } from './page-server.ts'
import {
  type CodedTile,
  coloursIn,
  encodeCursor,
  encodeTile,
  encodeUpdate,
  type Place,
  type Rgb,
} from './reference-encoder.ts'
import { desktopTiles, drawDesktop, ONE_MONITOR, TWO_MONITORS } from './sample-desktop.ts'

const WATCHING: Watching = {
  phase: 'watching',
  level: 'view',
  holder: 'customer',
  question: null,
  recorder: 'Recorder Nord',
  picture: { state: 'live' },
  line: 'up',
  sinceMs: Date.now(),
}

const built = await buildTestPage()
const server = await servePage(built.folder)
const browser = await launch()
t.teardown(async () => {
  await browser.close()
  await server.close()
  await built.remove()
})

async function watch(): Promise<TestPage> {
  const page = await TestPage.open(browser, server.origin)
  await page.phase('idle')
  await page.show({ phase: 'connecting', waitingForRecorder: false })
  await page.show(WATCHING)
  await page.phase('watching')
  return page
}

const rgba = (screen: Rgb): Buffer => {
  const out = Buffer.alloc(screen.width * screen.height * 4, 255)
  for (let from = 0, to = 0; from < screen.pixels.length; from += 3, to += 4)
    out.set(screen.pixels.subarray(from, from + 3), to)
  return out
}

function paint(screen: Rgb, place: Place, source: Rgb): void {
  for (let row = 0; row < place.height; row++) {
    const at = ((place.y + row) * screen.width + place.x) * 3
    screen.pixels.set(source.pixels.subarray(at, at + place.width * 3), at)
  }
}

for (const [name, layout] of Object.entries({ one: ONE_MONITOR, two: TWO_MONITORS })) {
  t.test(`the canvas is the screen, pixel for pixel, with ${name} monitor(s)`, async (t) => {
    const page = await watch()
    t.teardown(() => page.close())
    const screen = await drawDesktop(layout)
    t.equal(await page.picture(encodeUpdate(1, desktopTiles(screen, layout), layout)), 'drawn')
    const drawn = await page.pixels()
    t.match(drawn, { width: layout.width, height: layout.height })
    t.equal(Buffer.compare(drawn.rgba, rgba(screen)), 0)

    const zoom = page.at('zoom-actual')
    await zoom.click()
    if (name === 'two') await page.at('monitor-2').click()
    t.equal(
      Buffer.compare((await page.pixels()).rgba, rgba(screen)),
      0,
      'whatever part is shown at what size',
    )
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
            const coding: Tile['coding'] = colours === 1 ? 'solid' : colours <= 256 ? 'palette' : 'rgb'
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

function noise(width: number, height: number, most: number, seed: number): Rgb {
  let state = seed | 1
  const pixels = Uint8Array.from({ length: width * height * 3 }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) | 0
    return (state >>> 16) % (most + 1)
  })
  return { width, height, pixels }
}

t.test('[S2] a malformed update is refused, changes nothing, and the page says so', async (t) => {
  const page = await watch()
  t.teardown(() => page.close())
  const layout = {
    ...ONE_MONITOR,
    width: 8,
    height: 8,
    monitors: [{ ...ONE_MONITOR.monitors[0]!, width: 8, height: 8 }],
  }
  const screen = noise(8, 8, 255, 7)
  const whole = { x: 0, y: 0, width: 8, height: 8 }
  t.equal(await page.picture(encodeUpdate(1, [], undefined)), 'wrong-state', 'an update before any layout')
  t.equal(await page.picture(encodeUpdate(1, [encodeTile(screen, whole, 'rgb')], layout)), 'drawn')
  const solid = (place: Place): CodedTile => ({
    tile: { ...place, coding: 'solid', bytes: 3 },
    bytes: Uint8Array.of(255, 0, 0),
  })
  const broken: CodedTile = {
    tile: { ...whole, coding: 'rgb', bytes: 3 },
    bytes: new Uint8Array(deflateRawSync(new Uint8Array(2))).subarray(0, 3),
  }
  t.equal(await page.picture(encodeUpdate(2, [solid(whole), solid({ ...whole, x: 1 })])), 'malformed')
  t.equal(await page.picture(encodeUpdate(2, [solid(whole), broken])), 'malformed')
  t.equal(
    await page.picture(encodeUpdate(1, [solid(whole)])),
    'wrong-state',
    'a number that was there before',
  )
  t.equal(await page.picture(Uint8Array.of(0, 0, 0, 9, 1)), 'malformed')
  t.equal(await page.picture(encodeUpdate(2, [], { ...layout, width: 32_768, height: 32_768 })), 'too-large')
  t.equal(Buffer.compare((await page.pixels()).rgba, rgba(screen)), 0, 'nothing of it was drawn')
  t.equal(await page.at('picture-notice').getAttribute('data-kind'), 'broken')

  await page.page.evaluate(() => globalThis.fakeSession.reset())
  t.equal(await page.at('picture-notice').count(), 0, 'a new link starts afresh')
  t.equal(Buffer.compare((await page.pixels()).rgba, rgba(screen)), 0, 'with the last picture still there')
  t.equal(await page.picture(encodeUpdate(1, [solid(whole)], layout)), 'drawn')
})

t.test('what is still waiting when a new link begins is not drawn', async (t) => {
  const page = await watch()
  t.teardown(() => page.close())
  const screen = await drawDesktop(ONE_MONITOR)
  const base64 = Buffer.from(encodeUpdate(1, desktopTiles(screen, ONE_MONITOR), ONE_MONITOR)).toString(
    'base64',
  )
  const answers = await page.page.evaluate((frame) => {
    const first = globalThis.fakeSession.picture(frame)
    globalThis.fakeSession.reset()
    return Promise.all([first, globalThis.fakeSession.picture(frame)])
  }, base64)
  t.same(answers, ['wrong-state', 'drawn'])
  t.equal(Buffer.compare((await page.pixels()).rgba, rgba(screen)), 0)
})

t.test("the customer's cursor stands where it is on the screen", async (t) => {
  const page = await watch()
  t.teardown(() => page.close())
  const screen = await drawDesktop(TWO_MONITORS)
  await page.picture(encodeUpdate(1, desktopTiles(screen, TWO_MONITORS), TWO_MONITORS))
  await page.picture(encodeCursor({ width: 4, height: 4, hotX: 2, hotY: 1 }, new Uint8Array(64).fill(255)))
  await page.page.evaluate(() => globalThis.fakeSession.pointer(2500, 600))
  const cursor = page.at('cursor')
  const tipOf = async () => {
    const [canvas, tip] = await Promise.all([page.at('picture-canvas').boundingBox(), cursor.boundingBox()])
    const scale = canvas!.width / 3200
    const size = tip!.width / 4
    return [(tip!.x + 2 * size - canvas!.x) / scale, (tip!.y + size - canvas!.y) / scale].map(Math.round)
  }
  t.same(await tipOf(), [2500, 600])
  await page.at('monitor-2').click()
  t.same(await tipOf(), [2500, 600], 'also when one monitor is shown')
  await page.at('zoom-actual').click()
  t.same(await tipOf(), [2500, 600], 'also at actual size')
})

t.test('nothing of a session is left in the page of the next one', async (t) => {
  const page = await watch()
  t.teardown(() => page.close())
  await page.picture(encodeUpdate(1, [], ONE_MONITOR))
  t.equal(await page.page.evaluate(() => 'lotsePicture' in globalThis), true)
  t.equal(await page.page.evaluate(() => Object.keys(globalThis).includes('lotsePicture')), false)
  await page.show({ phase: 'ended', reason: 'customer-ended', by: 'customer' })
  await page.phase('ended')
  t.equal(await page.page.evaluate(() => 'lotsePicture' in globalThis), false)
  t.equal(page.page.workers().length, 0)
  await page.show({ phase: 'connecting', waitingForRecorder: false })
  await page.show(WATCHING)
  await page.phase('watching')
  t.equal(await page.at('picture-notice').getAttribute('data-kind'), 'first')
  t.match(await page.pixels(), { width: 300, height: 150 }, 'a canvas nothing was drawn on')
})
