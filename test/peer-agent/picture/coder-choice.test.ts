import t from 'tap'
import {
  chooseCoder,
  contentOf,
  type LineNow,
  mostPixelsOfTile,
} from '../../../peer-agent/picture/coder-choice.ts'

const line = (megabits: number, prefer: LineNow['prefer'] = 'sharp'): LineNow => {
  const bytesPerSecond = (megabits * 1_000_000) / 8
  return { bytesPerSecond, roomBytes: bytesPerSecond / 20, prefer }
}
const TYPED = 700 * 24
const TILE = 512 * 128
const SCREEN = 1920 * 1080

t.test('text takes the coder by which it is seen soonest, and never one with losses', async (t) => {
  t.equal(chooseCoder('palette', TYPED, TYPED, line(100)), 'quick')
  t.equal(chooseCoder('palette', TILE, SCREEN, line(100)), 'quick')
  t.equal(chooseCoder('text', TILE, SCREEN, line(20)), 'dense')
  for (const kind of ['palette', 'text'] as const) {
    t.equal(chooseCoder(kind, TYPED, TYPED, line(0.128)), 'small')
    t.equal(chooseCoder(kind, TILE, SCREEN, line(2)), 'small')
    t.equal(chooseCoder(kind, TILE, SCREEN, line(0.128, 'smooth')), 'small')
  }
})

t.test('what is mostly flat is text, however many colours its edges have', async (t) => {
  t.equal(contentOf(0.65), 'text')
  t.equal(contentOf(0.1), 'photo')
})

t.test(
  'a photograph comes coarse first only where the exact one would keep the expert waiting',
  async (t) => {
    t.equal(chooseCoder('photo', TILE, TILE, line(100)), 'quick')
    t.equal(chooseCoder('photo', TILE, SCREEN, line(100)), 'coarse')
    t.equal(chooseCoder('photo', TILE, SCREEN, line(1_000)), 'quick')
    t.equal(chooseCoder('photo', TYPED, TYPED, line(2)), 'small')
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
