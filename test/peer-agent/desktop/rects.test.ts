import fc from 'fast-check'
import t from 'tap'
import type { Rect } from '../../../peer-agent/desktop/port.ts'
import { area, clipRect, mergeRects } from '../../../peer-agent/desktop/rects.ts'

t.test('neighbours are read together, far ones apart', async (t) => {
  const letter = (n: number) => ({ x: 100 + n * 9, y: 50, width: 8, height: 16 })
  t.same(mergeRects([letter(0), letter(1), letter(5)]), [{ x: 100, y: 50, width: 53, height: 16 }])
  const far = { x: 1800, y: 1000, width: 8, height: 16 }
  t.equal(mergeRects([letter(0), far]).length, 2)
  t.same(mergeRects([{ x: 0, y: 0, width: 0, height: 5 }]), [])
})

t.test('whatever was given is covered, by few rectangles', async (t) => {
  const rect = fc.record({
    x: fc.integer({ min: 0, max: 1900 }),
    y: fc.integer({ min: 0, max: 1000 }),
    width: fc.integer({ min: 1, max: 200 }),
    height: fc.integer({ min: 1, max: 80 }),
  })
  const holds = (outer: Rect, inner: Rect) =>
    outer.x <= inner.x &&
    outer.y <= inner.y &&
    outer.x + outer.width >= inner.x + inner.width &&
    outer.y + outer.height >= inner.y + inner.height
  await t.resolves(
    fc.assert(
      fc.asyncProperty(fc.array(rect, { maxLength: 300 }), async (rects) => {
        const merged = mergeRects(rects)
        return merged.length <= 64 && rects.every((given) => merged.some((result) => holds(result, given)))
      }),
      { numRuns: 60, seed: 4711 },
    ),
  )
})

t.test('clipping keeps what is inside', async (t) => {
  t.same(clipRect({ x: -5, y: 90, width: 20, height: 20 }, 100, 100), { x: 0, y: 90, width: 15, height: 10 })
  t.equal(area(clipRect({ x: 200, y: 0, width: 20, height: 20 }, 100, 100)), 0)
})
