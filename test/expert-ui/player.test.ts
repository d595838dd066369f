import t from 'tap'
import { faults, jump, PlayerScene, position } from './player-scene.ts'

const scene = await PlayerScene.open()
t.teardown(() => scene.close())

t.test('[R7] times without a picture say so, and the last one is not shown for them', async (t) => {
  const page = await scene.player()
  for (const kind of ['none', 'card', 'frozen']) {
    const part = await page.page.evaluate((wanted) => {
      const { bands, lengthMs } = globalThis.lotsePlayback.playback!.timeline
      const { fromMs, toMs } = bands.noPicture.find(({ value }) => value.kind === wanted)!
      return (fromMs + toMs) / 2 / lengthMs
    }, kind)
    await jump(page, part)
    await page.page.locator(`[data-test="no-picture"][data-kind="${kind}"]`).waitFor()
    t.equal(await page.at('recorded-canvas').isVisible(), false, kind)
  }
  await jump(page, 0.6)
  await page.at('no-picture').waitFor({ state: 'detached' })
  t.equal(await page.at('recorded-canvas').isVisible(), true)
  t.equal(await page.at('now-level').getAttribute('data-level'), 'control')
  t.ok(await page.at('recorded-cursor').isVisible())
})

t.test('[R7] everything can be done by keyboard', async (t) => {
  const page = await scene.player()
  const { keyboard } = page.page
  const first = await position(page)
  t.ok(first >= 8 && first <= 9, 'it begins with the first picture')
  await keyboard.press('ArrowRight')
  t.equal(await position(page), first + 5)
  await keyboard.press('End')
  t.equal(await position(page), 120)
  await keyboard.press('Home')
  t.equal(await position(page), 0)
  await keyboard.press('.')
  t.equal(await position(page), first, 'the next change is the first picture')
  await keyboard.press('n')
  t.ok((await position(page)) > first, 'the next mark')
  const local = await page.at('player-time').textContent()
  await keyboard.press('u')
  const utc = await page.at('player-time').textContent()
  t.equal(Number(local!.trim().slice(0, 2)), Number(utc!.trim().slice(0, 2)) + 1, 'MEZ and UTC')
  for (const press of ['+', '+', '+']) await keyboard.press(press)
  t.equal(await page.at('speed-8').getAttribute('aria-pressed'), 'true')
  t.equal(await page.at('skip-quiet').getAttribute('aria-pressed'), 'true', 'skips by itself at high speed')
  await keyboard.press('s')
  t.equal(await page.at('skip-quiet').getAttribute('aria-pressed'), 'false')
  const before = await position(page)
  await keyboard.press('Space')
  await page.page.waitForFunction((from) => {
    const now = document.querySelector('[data-test="timeline"]')!.getAttribute('aria-valuenow')
    return Number(now) > from + 3
  }, before)
  await keyboard.press('Space')
  t.equal(await page.page.evaluate(() => globalThis.lotsePlayback.playback!.isShowFailed), false)
  t.match(await page.at('timeline').getAttribute('aria-valuetext'), /\d\d:\d\d:\d\d, \d:\d\d von 2:00, /)
  await keyboard.press('?')
  await page.at('help-dialog').waitFor()
  t.same(await faults(page), [])
  await keyboard.press('Escape')
  await page.at('help-dialog').waitFor({ state: 'hidden' })
  await keyboard.press('z')
  t.equal(await page.at('zoom-actual').getAttribute('aria-pressed'), 'true')
  await page.page.locator('[data-test="feed"] button').first().press('Enter')
  t.equal(await position(page), 0, 'a line of the list is a place to go to')
})

for (const look of [
  { colorScheme: 'light', viewport: { width: 1280, height: 720 } },
  { colorScheme: 'dark', viewport: { width: 1920, height: 1080 } },
] as const) {
  t.test(`names, contrast and focus in ${look.colorScheme}`, async (t) => {
    const page = await scene.player(scene.whole, look)
    for (const part of [0.02, 0.3, 0.65]) {
      await jump(page, part)
      t.same(await faults(page), [])
    }
    t.same(page.troubles, [])
  })
}
