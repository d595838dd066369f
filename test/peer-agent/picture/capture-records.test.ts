import { setImmediate as turn } from 'node:timers/promises'
import t from 'tap'
import type { FakeScreen } from '../../../peer-agent/desktop/fake/screen-reader.ts'
import type { Rect } from '../../../peer-agent/desktop/port.ts'
import { AMPLE_LINE } from '../../fixtures/ample-line.ts'
import { until } from '../../fixtures/x-server.ts'
import { rgbOf, stage } from './capture-stage.ts'
import { PlayedRecording } from './played-recording.ts'

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

t.test(
  '[R1] where a film played, one more record is exact once it rests, though nothing changes any more',
  async (t) => {
    const { screen, next, updates, records } = await stage(t, 100)
    const recording = new PlayedRecording()
    let drawn = 0
    const draw = async () => {
      for (const { content, payload } of records.slice(drawn)) await recording.draw(content, payload)
      drawn = records.length
    }
    const isExact = () => Buffer.compare(recording.rgb, rgbOf(screen)) === 0
    await next()
    // Not at the edges of cells: what stands still beside it in its cells is recorded with it.
    const film = { x: 60, y: 50, width: 200, height: 150 }
    for (let frame = 1; frame <= 40; frame++) {
      paintNoise(screen, film, frame)
      await next()
    }
    const last = updates.at(-1)!.capturedAtMs
    await until(() => records.at(-1)!.coversUntilMs === last)
    await draw()
    t.notOk(isExact(), 'what moved a moment ago is recorded with losses')
    await until(async () => {
      await draw()
      return isExact()
    })
    t.equal(updates.at(-1)!.capturedAtMs, last)
  },
)

t.test('what one update has no room for comes with the next', async (t) => {
  const { screen, next, updates, page, capture } = await stage(t, 60_000)
  const [width, height] = [2000, 1000]
  screen.setLayout({ width, height, monitors: [{ id: 'a', primary: true, x: 0, y: 0, width, height }] })
  paintNoise(screen, { x: 0, y: 0, width, height }, 1)
  const narrow = { ...AMPLE_LINE, roomBytes: 200_000 }
  while (Buffer.compare(page.rgb, rgbOf(screen)) !== 0) await next(narrow)
  t.ok(updates.length > 10)
  // The first are guesses: how well the screen compresses is learned from them.
  const most = Math.max(...updates.slice(5).map(({ payload }) => payload.length))
  t.ok(most < 2.5 * narrow.roomBytes, `the largest has ${most} bytes`)
  await capture.close()
})

t.test('a lost screen is told once, with the reason', async (t) => {
  const { screen, next, failures, capture } = await stage(t)
  await next()
  capture.request(AMPLE_LINE)
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

function paintNoise(screen: FakeScreen, rect: Rect, seed: number): void {
  let state = seed
  for (let y = rect.y; y < rect.y + rect.height; y++) {
    for (let x = rect.x; x < rect.x + rect.width; x++) {
      state = (Math.imul(state, 1664525) + 1013904223) | 0
      screen.pixels[y * screen.layout.width + x] = state >>> 8
    }
  }
  screen.reportChange(rect)
}
