import { setImmediate as turn } from 'node:timers/promises'
import t from 'tap'
import { FAKE_LAYOUT } from '../../../peer-agent/desktop/fake/screen-reader.ts'
import type { Layout } from '../../../peer-agent/desktop/port.ts'
import { AMPLE_LINE } from '../../fixtures/ample-line.ts'
import { until } from '../../fixtures/x-server.ts'
import { rgbOf, stage } from './capture-stage.ts'

t.test('[C1] nothing of the screen is read before the first request', async (t) => {
  const { screen, calls, updates } = await stage(t)
  screen.paint({ x: 0, y: 0, width: 100, height: 100 }, 0xff0000)
  for (let i = 0; i < 20; i++) await turn()
  t.same(
    calls.filter((call) => /^(read|take)/.test(call)),
    [],
  )
  t.same(updates, [])
})

t.test('the first update is everything and carries the layout', async (t) => {
  const { screen, next, page } = await stage(t)
  screen.paint({ x: 10, y: 20, width: 30, height: 40 }, 0x00ff00)
  t.same((await next()).layout, FAKE_LAYOUT)
  t.equal(Buffer.compare(page.rgb, rgbOf(screen)), 0)
})

t.test('one request is one update; without one nothing is read', async (t) => {
  const { screen, calls, updates, next, capture } = await stage(t)
  await next()
  calls.length = 0
  for (let i = 0; i < 5; i++) {
    screen.paint({ x: i * 10, y: 0, width: 10, height: 10 }, 0x0000ff + i)
    await turn()
  }
  t.same(calls, [])
  t.equal(updates.length, 1)
  capture.request(AMPLE_LINE)
  capture.request(AMPLE_LINE)
  await until(() => updates.length === 2)
  screen.paint({ x: 100, y: 100, width: 5, height: 5 }, 0xffffff)
  for (let i = 0; i < 20; i++) await turn()
  t.equal(updates.length, 2, 'asking twice for one update allows one')
})

t.test('what is reported but did not change is not sent, and uses up no request', async (t) => {
  const { screen, next, updates, capture } = await stage(t)
  await next()
  capture.request(AMPLE_LINE)
  screen.reportChange({ x: 0, y: 0, width: 320, height: 240 })
  await until(() => screen.calls.filter((call) => call === 'take').length === 2)
  screen.paint({ x: 7, y: 9, width: 3, height: 2 }, 0x123456)
  await until(() => updates.length === 2)
  t.match(updates[1]!.tiles, [{ x: 7, y: 9, width: 3, height: 2, coding: 'solid' }])
  t.equal(updates[1]!.layout, undefined)
})

t.test('a change during the reading comes with the next update', async (t) => {
  const { screen, next } = await stage(t)
  await next()
  screen.paint({ x: 0, y: 0, width: 4, height: 4 }, 1)
  screen.beforeRead = () => {
    screen.beforeRead = () => {}
    screen.paint({ x: 200, y: 200, width: 4, height: 4 }, 2)
  }
  t.match((await next()).tiles, [{ x: 0, y: 0 }])
  t.match((await next()).tiles, [{ x: 200, y: 200 }])
})

t.test('refresh: everything again, looks follow, and nothing of the old link comes through', async (t) => {
  const { screen, calls, next, updates, capture, page } = await stage(t)
  await next()
  screen.paint({ x: 0, y: 0, width: 4, height: 4 }, 1)
  capture.request(AMPLE_LINE)
  let refreshed = false
  screen.beforeRead = () => {
    if (refreshed) return
    refreshed = true
    calls.length = 0
    capture.refresh(1, AMPLE_LINE)
  }
  await until(() => updates.length === 2)
  t.match(updates[1], { epoch: 1, layout: FAKE_LAYOUT })
  t.ok(calls.includes('looks'))
  await page.draw({ tiles: [] }, new Uint8Array())
  t.equal(Buffer.compare(page.rgb, rgbOf(screen)), 0)
})

t.test('a new layout is announced and everything is read anew', async (t) => {
  const { screen, next, records, page } = await stage(t)
  await next()
  const larger: Layout = {
    width: 500,
    height: 300,
    monitors: [{ id: 'a', primary: true, x: 0, y: 0, width: 500, height: 300 }],
  }
  screen.setLayout(larger)
  screen.paint({ x: 400, y: 250, width: 50, height: 50 }, 0xabcdef)
  const update = await next()
  t.same(update.layout, larger)
  t.equal(Buffer.compare(page.rgb, rgbOf(screen)), 0)
  await until(() => records.some(({ keyframe, content }) => keyframe && content.layout?.width === 500))
})

t.test('a rectangle that left the screen while being read is read again after the new layout', async (t) => {
  const { screen, next } = await stage(t)
  await next()
  screen.paint({ x: 300, y: 200, width: 20, height: 40 }, 5)
  screen.beforeRead = () => {
    screen.beforeRead = () => {}
    screen.setLayout({ ...FAKE_LAYOUT, width: 200, height: 100 })
  }
  t.equal((await next()).layout?.width, 200)
})
