import t from 'tap'
import type { Rect } from '../../../peer-agent/desktop/port.ts'
import { createPixels, type Shift } from '../../../peer-agent/picture/pixels.ts'
import { draw, frameOf, mix, moved, noise, type Plane, text, whole, within } from './drawn.ts'

const WIDTH = 640
const HEIGHT = 400
const SCREEN = { x: 0, y: 0, width: WIDTH, height: HEIGHT }
const pixels = createPixels()

/** What is found between two pictures, and how many pixels the copies save. */
function look(before: Plane, after: Plane, rect: Rect = SCREEN): { shift: Shift | undefined; saved: number } {
  const shadow = frameOf(pixels, draw(WIDTH, HEIGHT, before))
  const fresh = frameOf(pixels, draw(WIDTH, HEIGHT, after))
  const shift = pixels.findShift(rect, fresh, shadow)
  const copies = shift ? pixels.copiesOf(rect, shift, fresh, shadow) : []
  pixels.free(shadow)
  pixels.free(fresh)
  return { shift, saved: copies.reduce((sum, { width, height }) => sum + width * height, 0) }
}

t.test('scrolled text is found, any way and any far', async (t) => {
  for (const [dx, dy] of [
    [0, -16],
    [0, 16],
    [0, -1],
    [0, 3],
    [0, -53],
    [0, 250],
    [-8, 0],
    [13, 0],
    [-120, 0],
    [5, -7],
    [-31, 44],
  ] as const) {
    const { shift, saved } = look(text(3), moved(text(3), dx, dy))
    t.same(shift, { dx, dy }, `by ${dx}, ${dy}`)
    const possible = (WIDTH - Math.abs(dx)) * (HEIGHT - Math.abs(dy))
    t.ok(saved > possible * 0.8, `${saved} of ${possible} pixels are copied`)
  }
})

t.test('a letter typed into a line moves the rest of it', async (t) => {
  const line = { x: 40, y: 160, width: 560, height: 16 }
  const typed = within({ ...line, x: 96, width: 504 }, moved(text(4), 8, 0), text(4))
  t.same(look(text(4), typed, line).shift, { dx: 8, dy: 0 })
})

t.test('a pane scrolls beside a sidebar that stands still, whatever rectangle is asked about', async (t) => {
  const pane = { x: 150, y: 37, width: 437, height: 331 }
  const frame = (inner: Plane) => within(pane, inner, text(8))
  for (const rect of [SCREEN, pane, { x: 100, y: 0, width: 540, height: 400 }]) {
    const { shift, saved } = look(frame(text(5)), frame(moved(text(5), 0, -32)), rect)
    t.same(shift, { dx: 0, dy: -32 })
    t.ok(saved > pane.width * (pane.height - 32) * 0.85, `${saved} pixels are copied`)
  }
})

t.test('a window is dragged over a patterned background', async (t) => {
  const checks: Plane = (x, y) => ((x ^ y) & 4 ? 0x336699 : 0x224466)
  const window = { x: 90, y: 60, width: 260, height: 180 }
  const scene = (dx: number, dy: number) =>
    within(
      { ...window, x: window.x + dx, y: window.y + dy },
      moved(text(6), window.x + dx, window.y + dy),
      checks,
    )
  for (const [dx, dy] of [
    [1, 1],
    [37, -23],
    [-64, 100],
    [250, 130],
  ] as const) {
    const { shift, saved } = look(scene(0, 0), scene(dx, dy))
    t.same(shift, { dx, dy })
    t.ok(saved > window.width * window.height * 0.75, `${saved} pixels are copied`)
  }
})

t.test('a terminal of mostly equal lines scrolls by what its other lines say', async (t) => {
  const lineAt = (line: number) => (line % 3 === 0 ? line : 1)
  const { shift } = look(text(7, lineAt), moved(text(7, lineAt), 0, -48))
  t.same(shift, { dx: 0, dy: -48 })
})

t.test('text scrolls while a film plays beside it', async (t) => {
  const film = { x: 400, y: 100, width: 200, height: 120 }
  const { shift } = look(within(film, noise(1), text(9)), within(film, noise(2), moved(text(9), 0, -16)))
  t.same(shift, { dx: 0, dy: -16 })
})

t.test('where nothing was moved, nothing is found', async (t) => {
  const blank: Plane = () => 0xf0f0f0
  const dots = (seed: number, oneIn: number, colours: number): Plane => {
    const colour = noise(seed, colours)
    return (x, y) => (mix(seed, x, y) % oneIn === 0 ? colour(x, y) | 0x10101 : 0)
  }
  const equalLines = text(7, () => 1)
  const grid: Plane = (x, y) => (x % 90 === 0 || y % 22 === 0 ? 0xa0a0a0 : 0xffffff)
  const dither: Plane = (x, y) => ((x + y) & 1 ? 0xffffff : 0)
  const cases: Record<string, [Plane, Plane]> = {
    'the same picture': [text(3), text(3)],
    'a blank page': [blank, blank],
    'a page that becomes blank': [text(3), blank],
    'a blank page that gets text': [blank, text(3)],
    'another page in the same letters': [text(3), text(4)],
    'equal lines, scrolled by half a line': [equalLines, moved(equalLines, 0, 8)],
    'an empty table, scrolled': [grid, moved(grid, 0, 5)],
    'a dither, moved by a pixel': [dither, moved(dither, 1, 0)],
    'a screen saver of few dots': [dots(1, 2000, 1), dots(2, 2000, 1)],
    'a screen saver of many dots': [dots(1, 50, 1), dots(2, 50, 1)],
    'a screen saver of coloured dots': [dots(1, 300, 2 ** 24), dots(2, 300, 2 ** 24)],
    noise: [noise(1), noise(2)],
    'noise of two colours': [noise(1, 2), noise(2, 2)],
  }
  for (const [name, [before, after]] of Object.entries(cases)) {
    t.equal(look(before, after).shift, undefined, name)
  }
})

t.test('what is too small for landmarks, or lies at the edges, is looked at without harm', async (t) => {
  for (const [width, height] of [
    [1, 1],
    [31, 7],
    [34, 8],
    [35, 8],
    [640, 7],
    [40, 400],
  ] as const) {
    for (const [x, y] of [
      [0, 0],
      [WIDTH - width, HEIGHT - height],
    ] as const) {
      const { shift } = look(noise(1), noise(2), { x, y, width, height })
      t.equal(shift, undefined, `${width} × ${height} at ${x}, ${y}`)
    }
  }
  const tiny = frameOf(pixels, draw(5, 3, noise(1)))
  t.equal(pixels.findShift(whole(tiny), tiny, frameOf(pixels, draw(5, 3, noise(2)))), undefined)
})
