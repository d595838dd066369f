import t from 'tap'
import type { Layout } from '../../../peer-agent/desktop/port.ts'
import { monitorAt, pointerSizeOn, sideAt } from '../../../peer-agent/desktop/show-pointer-place.ts'

const LEFT = { id: 'left', primary: true, x: 0, y: 0, width: 1000, height: 600 }
const RIGHT = { id: 'right', primary: false, x: 1000, y: 200, width: 3840, height: 2160 }
const LAYOUT: Layout = { width: 4840, height: 2360, monitors: [LEFT, RIGHT] }
const REACH = { reachX: 300, reachY: 80 }

t.test('a place belongs to the monitor that shows it, and in a gap to the nearest', async (t) => {
  t.equal(monitorAt(LAYOUT, 999, 599), LEFT)
  t.equal(monitorAt(LAYOUT, 1000, 200), RIGHT)
  t.equal(monitorAt(LAYOUT, 1200, 190), RIGHT)
  t.equal(monitorAt(LAYOUT, 500, 2300), RIGHT)
  t.equal(monitorAt(LAYOUT, 10, 700), LEFT)
})

t.test('it is drawn larger on a dense monitor, and takes half of one at most', async (t) => {
  t.same(pointerSizeOn(LEFT), { scale: 1, roomPixels: 500 })
  t.same(pointerSizeOn(RIGHT), { scale: 2, roomPixels: 1920 })
})

t.test('the label goes where there is room on that monitor', async (t) => {
  const sides = {
    'right below': [0, 0],
    'right above': [0, 599],
    'left below': [999, 0],
    'left above': [999, 599],
  }
  for (const [words, [x, y]] of Object.entries(sides)) {
    const { right, below } = sideAt(LEFT, x!, y!, REACH)
    t.equal(`${right ? 'right' : 'left'} ${below ? 'below' : 'above'}`, words)
  }
  t.same(sideAt(LEFT, 699, 519, REACH), { right: true, below: true }, 'it just fits')
  t.same(sideAt(LEFT, 700, 520, REACH), { right: false, below: false })
  t.same(sideAt(RIGHT, 1000, 200, REACH), { right: true, below: true }, 'not over to the other monitor')
})

t.test('where it fits on neither side, it takes the larger', async (t) => {
  const small = { ...LEFT, width: 400, height: 100 }
  t.same(sideAt(small, 150, 40, REACH), { right: true, below: true })
  t.same(sideAt(small, 250, 60, REACH), { right: false, below: false })
})
