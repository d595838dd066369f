import t from 'tap'
import { chooseCoder, type LineNow, mostPixelsOfTile } from '../../../peer-agent/picture/coder-choice.ts'

const line = (megabits: number, prefer: LineNow['prefer'] = 'sharp'): LineNow => {
  const bytesPerSecond = (megabits * 1_000_000) / 8
  return { bytesPerSecond, roomBytes: bytesPerSecond / 20, prefer }
}
const TYPED = 700 * 24
const TILE = 512 * 128
const SCREEN = 1920 * 1080

t.test('text is coded quickly on a wide line and densely on a narrow one, and never coarsely', async (t) => {
  t.equal(chooseCoder('text', TYPED, TYPED, line(100)), 'quick')
  t.equal(chooseCoder('text', TILE, SCREEN, line(100)), 'quick')
  t.equal(chooseCoder('text', TILE, SCREEN, line(10)), 'dense')
  t.equal(chooseCoder('text', TYPED, TYPED, line(0.128)), 'dense')
  t.equal(chooseCoder('text', TILE, SCREEN, line(0.128, 'smooth')), 'dense')
})

t.test(
  'a photograph comes coarse first only where the exact one would keep the expert waiting',
  async (t) => {
    t.equal(chooseCoder('photo', TILE, TILE, line(100)), 'quick')
    t.equal(chooseCoder('photo', TILE, SCREEN, line(100)), 'coarse')
    t.equal(chooseCoder('photo', TILE, SCREEN, line(1_000)), 'quick')
    t.equal(chooseCoder('photo', TYPED, TYPED, line(2)), 'dense')
    t.equal(chooseCoder('photo', TYPED, TYPED, line(1, 'smooth')), 'coarse', 'sooner for who wants it smooth')
  },
)

t.test('a repair is exact whatever the line', async (t) => {
  for (const megabits of [0.128, 2, 10, 100]) {
    t.not(chooseCoder('photo', TILE, 0, line(megabits)), 'coarse')
  }
})

t.test('tiles fit what may be on its way at once', async (t) => {
  t.ok(mostPixelsOfTile(line(100)) >= 1920 * 128, 'a strip of the whole width')
  t.ok(mostPixelsOfTile(line(0.128)) < TILE / 4, 'small')
  t.ok(mostPixelsOfTile({ ...line(1), roomBytes: 1 }) >= 64 * 64, 'but are no smaller than a cell')
})
