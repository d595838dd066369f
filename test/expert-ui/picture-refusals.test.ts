import { deflateRawSync } from 'node:zlib'
import t from 'tap'
import { until } from '../fixtures/x-server.ts'
import { digestOf, noise, rgba, watch } from './picture-stage.ts'
import { type CodedTile, encodeCursor, encodeTile, encodeUpdate, type Place } from './reference-encoder.ts'
import { desktopTiles, drawDesktop, ONE_MONITOR, TWO_MONITORS } from './sample-desktop.ts'
import { WATCHING } from './sample-watching.ts'

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
  t.equal(await page.pixelsDigest(), digestOf(screen))
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
  await until(() => page.page.workers().length === 0, { what: "the picture worker's end" })
  await page.show({ phase: 'connecting', waitingForRecorder: false })
  await page.show(WATCHING)
  await page.phase('watching')
  t.equal(await page.at('picture-notice').getAttribute('data-kind'), 'first')
  t.match(await page.pixels(), { width: 300, height: 150 }, 'a canvas nothing was drawn on')
})
