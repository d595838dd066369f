import fc from 'fast-check'
import t from 'tap'
import type { Rect } from '../../../peer-agent/desktop/port.ts'
import { orderCopies } from '../../../peer-agent/picture/copy-order.ts'
import { createPixels, type Shift } from '../../../peer-agent/picture/pixels.ts'
import { draw, frameOf, mix, moved, noise, type Plane, rgbOf, text, whole, within } from './drawn.ts'

const pixels = createPixels()

const size = fc.record({
  width: fc.integer({ min: 40, max: 330 }),
  height: fc.integer({ min: 30, max: 260 }),
})
const part = fc.tuple(
  fc.nat(200),
  fc.nat(150),
  fc.integer({ min: 20, max: 330 }),
  fc.integer({ min: 20, max: 260 }),
)
const shifts = fc.record({ dx: fc.integer({ min: -70, max: 70 }), dy: fc.integer({ min: -70, max: 70 }) })

function clipped([x, y, width, height]: [number, number, number, number], screen: Rect): Rect {
  const left = Math.min(x, screen.width - 1)
  const top = Math.min(y, screen.height - 1)
  return {
    x: left,
    y: top,
    width: Math.min(width, screen.width - left),
    height: Math.min(height, screen.height - top),
  }
}

function overlap(a: Rect, b: Rect): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height
}

function back(rect: Rect, { dx, dy }: Shift): Rect {
  return { ...rect, x: rect.x - dx, y: rect.y - dy }
}

t.test('copies and the boxes that are left make the new picture from the old one, exactly', async (t) => {
  let made = 0
  await t.resolves(
    fc.assert(
      fc.asyncProperty(
        size,
        fc.array(part, { minLength: 1, maxLength: 3 }),
        part,
        shifts,
        fc.nat(),
        async ({ width, height }, panes, asked, shift, seed) => {
          const screen = { x: 0, y: 0, width, height }
          const rect = seed % 3 === 0 ? clipped(asked, screen) : screen
          const planes: Plane[] = [text(seed), noise(seed), (x, y) => ((x >> 3) ^ (y >> 3)) & 1]
          const before = draw(width, height, planes[seed % 3]!)
          const old: Plane = (x, y) => before.words[y * width + x] ?? 0
          let plane = old
          for (const pane of panes)
            plane = within(clipped(pane, screen), moved(old, shift.dx, shift.dy), plane)
          const fleck = clipped(asked, screen)
          if (seed % 2 === 0) plane = within({ ...fleck, width: 3, height: 2 }, noise(seed + 1), plane)
          const after = draw(width, height, plane)
          const shadow = frameOf(pixels, before)
          const fresh = frameOf(pixels, after)
          const copies = pixels.copiesOf(rect, shift, fresh, shadow)
          made += copies.length
          for (const copy of copies) {
            t.ok(copy.width * copy.height >= 2048)
            t.ok(copy.x >= rect.x && copy.y >= rect.y)
            t.ok(copy.x + copy.width <= rect.x + rect.width && copy.y + copy.height <= rect.y + rect.height)
            t.ok(rgbOf(after, copy).equals(rgbOf(before, back(copy, shift))), 'it is what was there')
            t.notOk(rgbOf(after, copy).equals(rgbOf(before, copy)), 'it is worth it')
            t.equal(copies.filter((other) => overlap(copy, other)).length, 1, 'no two overlap')
          }
          for (const copy of copies) pixels.move(copy, shift, shadow)
          for (const copy of copies) t.notOk(pixels.differs(copy, fresh, shadow), 'none spoilt another')
          for (const box of pixels.changedBoxes(screen, fresh, shadow)) pixels.copy(box, fresh, shadow)
          t.notOk(pixels.differs(screen, fresh, shadow))
          pixels.free(shadow)
          pixels.free(fresh)
        },
      ),
      { numRuns: 150, seed: 9 },
    ),
  )
  t.ok(made > 30, `${made} copies were looked at`)
})

t.test('a scrolled page is one copy, also where little stands still in it', async (t) => {
  const [width, height] = [640, 400]
  const shift = { dx: 0, dy: -16 }
  const shadow = frameOf(pixels, draw(width, height, text(3)))
  const scrolled = moved(text(3), 0, -16)
  const fresh = frameOf(pixels, draw(width, height, scrolled))
  t.same(pixels.copiesOf(whole(fresh), shift, fresh, shadow).length, 1)
  const cursor = { x: 320, y: 200, width: 8, height: 14 }
  const marked = frameOf(
    pixels,
    draw(
      width,
      height,
      within(cursor, () => 0x112233, scrolled),
    ),
  )
  const copies = pixels.copiesOf(whole(marked), shift, marked, shadow)
  t.ok(copies.length <= 4, `${copies.length} copies around a mark that does not move`)
  const saved = copies.reduce((sum, copy) => sum + copy.width * copy.height, 0)
  t.ok(saved > width * (height - 16) * 0.9, `${saved} pixels`)
})

t.test('a shift that leads off the screen, or that nothing follows, gives no copies', async (t) => {
  const fresh = frameOf(pixels, draw(200, 100, noise(1)))
  const shadow = frameOf(pixels, draw(200, 100, noise(2)))
  for (const shift of [
    { dx: 200, dy: 0 },
    { dx: 0, dy: -100 },
    { dx: -500, dy: 500 },
    { dx: 3, dy: 4 },
  ])
    t.same(pixels.copiesOf(whole(fresh), shift, fresh, shadow), [])
  t.same(pixels.copiesOf(whole(fresh), { dx: 0, dy: 1 }, fresh, fresh), [], 'nothing differs in place')
})

t.test('disjoint rectangles find an order in which none is drawn over what another needs', async (t) => {
  await t.resolves(
    fc.assert(
      fc.asyncProperty(fc.nat(), shifts, async (seed, shift) => {
        fc.pre(shift.dx !== 0 || shift.dy !== 0)
        const rects: Rect[] = []
        for (let at = 0; at < 60; at++) {
          const next = {
            x: mix(seed, at, 1) % 200,
            y: mix(seed, at, 2) % 200,
            width: 1 + (mix(seed, at, 3) % 80),
            height: 1 + (mix(seed, at, 4) % 80),
          }
          if (!rects.some((rect) => overlap(rect, next))) rects.push(next)
        }
        const ordered = orderCopies(rects, shift)
        t.equal(ordered.length, rects.length)
        const spoilt = ordered.flatMap((copy, at) =>
          ordered.slice(at + 1).filter((later) => overlap(copy, back(later, shift))),
        )
        t.same(spoilt, [])
      }),
      { numRuns: 100, seed: 10 },
    ),
  )
})
