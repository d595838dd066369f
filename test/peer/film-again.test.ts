import t from 'tap'
import { until } from '../fixtures/x-server.ts'
import { filmFrame, QUARTERS } from './film-frames.ts'
import { launch, openFilmStage } from './film-stage.ts'

const RATES = { startBitsPerSecond: 2_500_000, mostBitsPerSecond: 6_000_000 }

const browser = await launch()
t.teardown(() => browser.close())

t.test('after a long rest a film needs one frame to show, and that is a key frame', async (t) => {
  const stage = await openFilmStage(browser, RATES)
  t.teardown(() => stage.close())
  const scene = { width: 640, height: 360, colours: QUARTERS }
  await stage.show({ ...scene, id: 1 })
  const before = await stage.sender.stats()
  // The browser has waited in vain for a next frame, and wants a whole one: it has given up the old one.
  await until(async () => (await stage.page.evaluate(() => filmPage.keyFramesAsked())) > 0, {
    withinMs: 30_000,
    what: 'the browser to ask for a key frame',
  })
  stage.sender.push(filmFrame({ ...scene, id: 2 }))
  await stage.page.waitForFunction(() => filmPage.id === 2)
  const after = await stage.sender.stats()
  t.equal(after!.framesEncoded - before!.framesEncoded, 1)
  t.equal(after!.keyFramesEncoded - before!.keyFramesEncoded, 1)
})

t.test('[S4] the film goes on over a fresh link, with the same track', async (t) => {
  const stage = await openFilmStage(browser, RATES)
  t.teardown(() => stage.close())
  const scene = { width: 320, height: 240, colours: QUARTERS }
  await stage.show({ ...scene, id: 11 })
  await stage.loadAnew()
  await stage.show({ ...scene, id: 12 })
  await stage.loadAnew()
  await stage.show({ ...scene, id: 13 })
  t.equal(await stage.page.evaluate(() => filmPage.links), 3)
})
