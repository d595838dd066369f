import { setImmediate as turn } from 'node:timers/promises'
import t, { type Test } from 'tap'
import {
  createFakeScreen,
  FAKE_LAYOUT,
  type FakeScreen,
} from '../../../peer-agent/desktop/fake/screen-reader.ts'
import type { Layout } from '../../../peer-agent/desktop/port.ts'
import { type Capture, type CaptureEvents, startCapture } from '../../../peer-agent/picture/capture.ts'
import type { StillsRecord } from '../../../peer-agent/picture/still-coder.ts'
import type { PictureUpdate } from '../../../protocol/messages/picture.ts'
import { drawTiles } from '../../fixtures/decode-tiles.ts'
import { until } from '../../fixtures/x-server.ts'

interface Update extends Omit<PictureUpdate, 't' | 'seq'> {
  readonly capturedAtMs: number
  readonly epoch: number
  readonly payload: Uint8Array
}

interface Stage {
  readonly screen: FakeScreen
  readonly calls: string[]
  readonly updates: Update[]
  readonly records: StillsRecord[]
  readonly failures: string[]
  readonly capture: Capture
  /** Allows one update and waits for it. */
  next(): Promise<Update>
}

async function stage(t: Test, intervalMs = 20): Promise<Stage> {
  const calls: string[] = []
  const screen = createFakeScreen(calls)
  const updates: Update[] = []
  const records: StillsRecord[] = []
  const failures: string[] = []
  const events: CaptureEvents = {
    update: (update, payload, capturedAtMs, epoch) =>
      updates.push({ ...update, payload, capturedAtMs, epoch }),
    looks: () => calls.push('looks'),
    place: ({ x, y }) => calls.push(`place ${x},${y}`),
    stills: (record) => records.push(record),
    failed: (error) => failures.push(error.message),
  }
  const capture = await startCapture(screen.reader, events, intervalMs)
  t.teardown(() => capture.close())
  return {
    screen,
    calls,
    updates,
    records,
    failures,
    capture,
    async next() {
      const before = updates.length
      capture.request()
      await until(() => updates.length > before, { what: 'an update' })
      return updates.at(-1)!
    },
  }
}

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
  const { screen, next } = await stage(t)
  screen.paint({ x: 10, y: 20, width: 30, height: 40 }, 0x00ff00)
  const { layout, tiles, payload } = await next()
  t.same(layout, FAKE_LAYOUT)
  const rgb = new Uint8Array(320 * 240 * 3)
  drawTiles(tiles, payload, rgb, 320)
  t.equal(Buffer.compare(rgb, rgbOf(screen)), 0)
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
  capture.request()
  capture.request()
  await until(() => updates.length === 2)
  screen.paint({ x: 100, y: 100, width: 5, height: 5 }, 0xffffff)
  for (let i = 0; i < 20; i++) await turn()
  t.equal(updates.length, 2, 'asking twice for one update allows one')
})

t.test('what is reported but did not change is not sent, and uses up no request', async (t) => {
  const { screen, next, updates, capture } = await stage(t)
  await next()
  capture.request()
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
  const { screen, calls, next, updates, capture } = await stage(t)
  await next()
  screen.paint({ x: 0, y: 0, width: 4, height: 4 }, 1)
  capture.request()
  let refreshed = false
  screen.beforeRead = () => {
    if (refreshed) return
    refreshed = true
    calls.length = 0
    capture.refresh(1, true)
  }
  await until(() => updates.length === 2)
  t.match(updates[1], { epoch: 1, layout: FAKE_LAYOUT })
  t.ok(calls.includes('looks'))
  const rgb = new Uint8Array(320 * 240 * 3)
  drawTiles(updates[1]!.tiles, updates[1]!.payload, rgb, 320)
  t.equal(Buffer.compare(rgb, rgbOf(screen)), 0)
})

t.test('a new layout is announced and everything is read anew', async (t) => {
  const { screen, next, records } = await stage(t)
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
  const rgb = new Uint8Array(500 * 300 * 3)
  drawTiles(update.tiles, update.payload, rgb, 500)
  t.equal(Buffer.compare(rgb, rgbOf(screen)), 0)
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

t.test('[R1] every update is covered by a record that says so, within about a second', async (t) => {
  const { screen, next, updates, records, capture } = await stage(t, 1000)
  for (let i = 0; i < 30; i++) {
    screen.paint({ x: (i * 37) % 300, y: (i * 53) % 220, width: 20, height: 20 }, 0x10101 * i)
    await next()
  }
  const last = updates.at(-1)!.capturedAtMs
  const since = performance.now()
  await until(() => (records.at(-1)?.coversUntilMs ?? 0) >= last)
  t.ok(performance.now() - since < 1300)
  t.ok(records[0]!.keyframe)
  t.ok(records.length <= 3, 'but at most one a second')
  const times = updates.map(({ capturedAtMs }) => capturedAtMs)
  t.same(
    times,
    [...new Set(times)].sort((a, b) => a - b),
    'no two updates share a time',
  )
  screen.paint({ x: 0, y: 0, width: 8, height: 8 }, 0xfedcba)
  const { capturedAtMs } = await next()
  t.ok(records.at(-1)!.coversUntilMs < capturedAtMs)
  await capture.close()
  t.equal(records.at(-1)!.coversUntilMs, capturedAtMs, 'closing records what is still owed')
})

t.test('an update that left no trace still gets its record', async (t) => {
  const { screen, next, records } = await stage(t)
  const { capturedAtMs: first } = await next()
  await until(() => records.at(-1)?.coversUntilMs === first)
  const colour = screen.pixels[0]!
  // On and off again before the recording looks: shown to the expert, same at rest.
  screen.paint({ x: 0, y: 0, width: 8, height: 8 }, 0xffffff)
  await next()
  screen.paint({ x: 0, y: 0, width: 8, height: 8 }, colour)
  const { capturedAtMs } = await next()
  await until(() => records.at(-1)!.coversUntilMs === capturedAtMs)
  t.equal(records.filter(({ keyframe }) => keyframe).length, 1)
})

t.test('what one update cannot hold comes with the next', async (t) => {
  const { screen, next, capture } = await stage(t, 60_000)
  const [width, height] = [5000, 3392]
  screen.setLayout({ width, height, monitors: [{ id: 'a', primary: true, x: 0, y: 0, width, height }] })
  let area = 0
  while (area < width * height) {
    const { tiles } = await next()
    area += tiles.reduce((sum, tile) => sum + tile.width * tile.height, 0)
  }
  t.equal(area, width * height, 'a large screen comes in parts, each pixel once')
  // Upright lines, one in each cell: too far apart to be joined.
  for (let y = 0; y < height; y++) {
    for (let x = 30; x < width; x += 64) screen.pixels[y * width + x] = 0xffffff
  }
  screen.reportChange({ x: 0, y: 0, width, height })
  const cells = Math.ceil((width - 30) / 64) * Math.ceil(height / 64)
  let seen = 0
  while (seen < cells) {
    const { tiles } = await next()
    t.ok(tiles.length <= 4096)
    seen += tiles.length
  }
  t.equal(seen, cells)
  await capture.close()
})

t.test('a lost screen is told once, with the reason', async (t) => {
  const { screen, next, failures, capture } = await stage(t)
  await next()
  capture.request()
  await turn()
  screen.lose(new Error('The screen is gone.'))
  await until(() => failures.length > 0)
  t.same(failures, ['The screen is gone.'])
})

t.test('the cursor is told at once, kept on the screen, and flows without a request', async (t) => {
  const { screen, calls } = await stage(t)
  t.ok(calls.includes('looks'))
  t.ok(calls.includes('place 0,0'))
  screen.moveCursor({ x: 5000, y: 33 })
  t.equal(calls.at(-1), 'place 319,33')
})

function rgbOf({ pixels }: FakeScreen): Buffer {
  const rgb = Buffer.alloc(pixels.length * 3)
  for (const [index, colour] of pixels.entries()) rgb.writeUIntBE(colour & 0xffffff, index * 3, 3)
  return rgb
}
