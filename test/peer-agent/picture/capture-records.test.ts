import { setImmediate as turn } from 'node:timers/promises'
import t from 'tap'
import type { FakeScreen } from '../../../peer-agent/desktop/fake/screen-reader.ts'
import { until } from '../../fixtures/x-server.ts'
import { stage } from './capture-stage.ts'

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

function _rgbOf({ pixels }: FakeScreen): Buffer {
  const rgb = Buffer.alloc(pixels.length * 3)
  for (const [index, colour] of pixels.entries()) rgb.writeUIntBE(colour & 0xffffff, index * 3, 3)
  return rgb
}
