import t from 'tap'
import type { Rect } from '../../../peer-agent/desktop/port.ts'
import { cutAtCells } from '../../../peer-agent/picture/grid.ts'
import { Motion } from '../../../peer-agent/picture/motion.ts'

/** Changes as a capture finds them: a box a cell. */
const boxesOf = (...rects: Rect[]): Rect[] => rects.flatMap((rect) => cutAtCells(rect, 1, 1))

/** Plays `seconds` of changes at so many a second; returns the regions seen and the time at the end. */
function play(
  motion: Motion,
  perSecond: number,
  seconds: number,
  changed: (step: number) => Rect[],
  fromMs = 0,
): { regions: (Rect | undefined)[]; nowMs: number } {
  const regions: (Rect | undefined)[] = []
  const steps = perSecond * seconds
  for (let step = 0; step < steps; step++) {
    const nowMs = fromMs + (step * 1000) / perSecond
    motion.changed(boxesOf(...changed(step)), nowMs)
    regions.push(motion.region(nowMs))
  }
  return { regions, nowMs: fromMs + seconds * 1000 }
}

const VIDEO = { x: 333, y: 217, width: 640, height: 360 }
const FILM_AT_REST_OF = {
  'a blinking cursor': [2, () => [{ x: 400, y: 300, width: 9, height: 18 }]],
  'a spinner': [30, () => [{ x: 400, y: 300, width: 48, height: 48 }]],
  typing: [8, (step: number) => [{ x: 100 + (step % 80) * 9, y: 200, width: 9, height: 18 }]],
  'a clock': [1, () => [{ x: 1800, y: 1050, width: 90, height: 20 }]],
  'a new screen every second': [1, () => [{ x: 0, y: 0, width: 1920, height: 1080 }]],
  'a progress bar': [20, (step: number) => [{ x: 300 + step, y: 500, width: 6, height: 20 }]],
  'sparse dots all over': [
    10,
    (step: number) => [{ x: (step * 397) % 1900, y: (step * 211) % 1000, width: 12, height: 12 }],
  ],
} as const

for (const [what, [perSecond, changed]] of Object.entries(FILM_AT_REST_OF)) {
  t.test(`${what} is no film`, async (t) => {
    const { regions } = play(new Motion(), perSecond, 10, changed as (step: number) => Rect[])
    t.same([...new Set(regions)], [undefined])
  })
}

t.test('a video in a page is one, exactly where it plays, until it rests', async (t) => {
  const motion = new Motion()
  const { regions, nowMs } = play(motion, 30, 4, () => [VIDEO])
  const begun = regions.findIndex((region) => region !== undefined)
  t.ok(begun > 3, 'not at the first change')
  t.ok(begun < 30, `within a second: after ${begun} frames`)
  t.ok(
    regions.slice(begun).every((region) => region === regions[begun]),
    'and stays the same region',
  )
  t.same(regions[begun], VIDEO)
  t.ok(motion.isIn({ x: 320, y: 192, width: 64, height: 64 }))
  t.equal(motion.region(nowMs + 100), regions[begun], 'a frame that is missing does not end it')
  t.equal(motion.region(nowMs + 300), undefined)
  t.equal(motion.region(nowMs + 320), undefined, 'and it does not begin anew by itself')
})

t.test('a video beside typing and a clock is the region, and they are not', async (t) => {
  const { regions } = play(new Motion(), 30, 4, (step) => [
    VIDEO,
    ...(step % 4 === 0 ? [{ x: 100 + step, y: 900, width: 9, height: 18 }] : []),
    ...(step % 30 === 0 ? [{ x: 1800, y: 1050, width: 90, height: 20 }] : []),
  ])
  t.same(regions.at(-1), VIDEO)
})

t.test('a screen saver over the whole screen is one', async (t) => {
  const whole = { x: 0, y: 0, width: 1920, height: 1080 }
  t.same(play(new Motion(), 25, 3, () => [whole]).regions.at(-1), whole)
})

t.test('a window that is dragged ends where it stops', async (t) => {
  const motion = new Motion()
  const at = (step: number) => ({ x: 100 + step * 12, y: 100 + step * 4, width: 500, height: 300 })
  const { nowMs } = play(motion, 30, 2, (step) => [at(step), at(step + 1)])
  t.equal(motion.region(nowMs + 300), undefined)
})

t.test('a video that becomes smaller or moves gets a new region', async (t) => {
  const motion = new Motion()
  const first = play(motion, 30, 3, () => [VIDEO])
  const small = { x: 400, y: 300, width: 320, height: 240 }
  const second = play(motion, 30, 4, () => [small], first.nowMs)
  t.same(second.regions.at(-1), small)
  const far = { x: 1100, y: 600, width: 640, height: 360 }
  const third = play(motion, 30, 4, () => [far], second.nowMs)
  t.same(third.regions.at(-1), far)
})

t.test('on a line that allows few captures what changes in most of them moves too', async (t) => {
  const { regions } = play(new Motion(), 5, 4, () => [VIDEO])
  t.same(regions.at(-1), VIDEO)
})
