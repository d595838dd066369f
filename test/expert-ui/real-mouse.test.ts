import { chromium } from 'playwright-core'
import t from 'tap'
import { openPhysicalInput } from '../fixtures/physical-input.ts'
import { startXServer, until } from '../fixtures/x-server.ts'
import { BROWSER_ARGS, TestPage } from './browser.ts'
import { buildTestPage } from './page-build.ts'
import { servePage } from './page-server.ts'
import { encodeUpdate, type Rgb } from './reference-encoder.ts'
import { desktopTiles, ONE_MONITOR } from './sample-desktop.ts'
import { STEERING } from './sample-watching.ts'

const x = await startXServer({ width: 1900, height: 1200 })
const built = await buildTestPage()
const server = await servePage(built.folder)
t.teardown(async () => {
  await server.close()
  await x.close()
})

/** A screen on which every pixel's colour says where it is. */
function surveyed(width: number, height: number): Rgb {
  const pixels = new Uint8Array(width * height * 3)
  for (let y = 0, at = 0; y < height; y++)
    for (let x = 0; x < width; x++, at += 3) pixels.set([x & 255, y & 255, (x >> 8) | ((y >> 8) << 4)], at)
  return { width, height, pixels }
}

const placeIn = ([red, green, blue]: Uint8Array) =>
  `${red! | ((blue! & 15) << 8)},${green! | ((blue! >> 4) << 8)}`

for (const pixelRatio of [1, 1.25]) {
  t.test(`what a real pointer touches at ratio ${pixelRatio} is what it hits, to the pixel`, async (t) => {
    const browser = await chromium.launch({
      executablePath: '/usr/bin/chromium',
      headless: false,
      args: [...BROWSER_ARGS, '--ozone-platform=x11', `--force-device-scale-factor=${pixelRatio}`],
      env: { ...process.env, DISPLAY: x.display },
    })
    const mouse = await openPhysicalInput(x.display)
    t.teardown(async () => {
      mouse.close()
      await browser.close()
    })
    const page = await TestPage.open(browser, server.origin, { viewport: null, locale: 'en-GB' })
    await page.phase('idle')
    await page.show({ phase: 'connecting', waitingForRecorder: false })
    await page.show(STEERING)
    await page.phase('watching')
    const screen = surveyed(ONE_MONITOR.width, ONE_MONITOR.height)
    await page.picture(encodeUpdate(1, desktopTiles(screen, ONE_MONITOR), ONE_MONITOR))
    await page.at('zoom-actual').click()
    const calls = () => page.page.evaluate(() => globalThis.fakeSession.handCalls.join('|'))

    for (let step = 0; step < 12; step++) {
      const [left, top] = [500 + step * 7, 450 + step * 5]
      await page.page.evaluate(() => globalThis.fakeSession.handCalls.splice(0))
      await mouse.moveTo(left, top)
      await until(async () => (await calls()).includes('at '), { what: 'the move' })
      const { width, rgb } = await x.screenshot()
      const under = placeIn(rgb.subarray((top * width + left) * 3, (top * width + left) * 3 + 3))
      await mouse.click()
      await until(async () => (await calls()).includes('left up'), { what: 'the click' })
      const done = (await calls()).split('|').filter((call) => call !== 'holding')
      t.equal(
        done.find((call) => call.startsWith('at ')),
        `at ${under}`,
      )
      t.same(done.slice(-2), [`left down ${under}`, `left up ${under}`])
    }

    await page.page.evaluate(() => globalThis.fakeSession.handCalls.splice(0))
    // X counts the wheel's ways as buttons too; Xvfb's own mouse has only three.
    const told = ['wheel 0,-120', 'wheel 0,120', 'wheel -120,0', 'wheel 120,0', 'back up', 'forward up']
    for (const [index, call] of told.entries()) {
      await mouse.injectedClick(4 + index)
      // Two turns that the browser had not yet told of would become one.
      await until(async () => (await calls()).includes(call), { what: call })
    }
    const done = (await calls()).split('|').filter((call) => call !== 'holding')
    t.same(
      done.map((call) => call.replace(/ \d+,\d+$/, '')),
      [
        'wheel 0,-120',
        'wheel 0,120',
        'wheel -120,0',
        'wheel 120,0',
        'back down',
        'back up',
        'forward down',
        'forward up',
      ],
    )
    await page.phase('watching')
  })
}
