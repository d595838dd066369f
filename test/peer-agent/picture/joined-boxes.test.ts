import fc from 'fast-check'
import t from 'tap'
import type { Rect } from '../../../peer-agent/desktop/port.ts'
import { area } from '../../../peer-agent/desktop/rects.ts'
import { isInside } from '../../../peer-agent/picture/cell-marks.ts'
import { cutAtCells } from '../../../peer-agent/picture/grid.ts'
import { joinBoxes, overlaps, without } from '../../../peer-agent/picture/joined-boxes.ts'

t.test('a whole screen becomes few large tiles, of the size that is wanted', async (t) => {
  const cells = cutAtCells({ x: 0, y: 0, width: 1920, height: 1080 }, 1, 1)
  t.ok(joinBoxes(cells, 512 * 128).length <= 40)
  const small = joinBoxes(cells, 16_384)
  t.ok(small.every((rect) => area(rect) <= 16_384))
})

t.test('boxes far apart stay apart', async (t) => {
  const boxes = [
    { x: 10, y: 10, width: 9, height: 16 },
    { x: 600, y: 10, width: 9, height: 16 },
  ]
  t.same(joinBoxes(boxes, 65_536), boxes)
})

t.test('a typed line is one rectangle', async (t) => {
  const cells = cutAtCells({ x: 30, y: 70, width: 400, height: 18 }, 1, 1)
  t.same(joinBoxes(cells, 65_536), [{ x: 30, y: 70, width: 400, height: 18 }])
})

const rect = fc.record({
  x: fc.nat(300),
  y: fc.nat(300),
  width: fc.integer({ min: 1, max: 300 }),
  height: fc.integer({ min: 1, max: 300 }),
})

t.test('whatever is joined covers every box', async (t) => {
  fc.assert(
    fc.property(fc.array(rect, { maxLength: 5 }), fc.integer({ min: 4096, max: 65_536 }), (rects, most) => {
      const boxes = rects.flatMap((one) => cutAtCells(one, 1, 1)).sort((a, b) => a.y - b.y || a.x - b.x)
      const joined = joinBoxes(boxes, most)
      return boxes.every((box) => joined.some((one) => isInside(box, one)))
    }),
  )
  t.pass()
})

t.test('what is left of a rectangle without a hole is disjoint and just that', async (t) => {
  fc.assert(
    fc.property(rect, rect, (whole, hole) => {
      const parts = without(whole, hole)
      const left = parts.reduce((sum, part) => sum + area(part), 0)
      return (
        left === area(whole) - common(whole, hole) &&
        parts.every((part) => isInside(part, whole) && !overlaps(part, hole)) &&
        parts.every((part, at) => parts.slice(at + 1).every((other) => !overlaps(part, other)))
      )
    }),
  )
  t.pass()
})

function common(a: Rect, b: Rect): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x)
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y)
  return Math.max(0, width) * Math.max(0, height)
}
