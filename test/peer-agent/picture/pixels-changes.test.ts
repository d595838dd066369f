import fc from 'fast-check'
import t from 'tap'
import type { Rect } from '../../../peer-agent/desktop/port.ts'
import { createPixels } from '../../../peer-agent/picture/pixels.ts'
import { draw, frameOf, mix, noise, type Picture, whole } from './drawn.ts'
import { picturesWithRect } from './rects-in-pictures.ts'

const CELL = 64
const pixels = createPixels()

/** One picture, and the same with some pixels changed by very little. */
function pair(width: number, height: number, seed: number, oneIn: number): [Picture, Picture] {
  const before = draw(width, height, noise(seed, 5))
  const after = draw(width, height, (x, y) => {
    const colour = before.words[y * width + x]!
    return mix(seed + 1, x, y) % oneIn === 0 ? colour ^ (1 << (mix(seed + 2, x, y) % 24)) : colour
  })
  return [before, after]
}

function boxesByHand(rect: Rect, a: Picture, b: Picture): Rect[] {
  const boxes = new Map<string, { left: number; top: number; right: number; bottom: number }>()
  for (let y = rect.y; y < rect.y + rect.height; y++) {
    for (let x = rect.x; x < rect.x + rect.width; x++) {
      if (a.words[y * a.width + x] === b.words[y * b.width + x]) continue
      const cell = `${String(Math.floor(y / CELL)).padStart(5)} ${String(Math.floor(x / CELL)).padStart(5)}`
      const box = boxes.get(cell) ?? { left: x, top: y, right: x, bottom: y }
      boxes.set(cell, {
        left: Math.min(box.left, x),
        top: Math.min(box.top, y),
        right: Math.max(box.right, x),
        bottom: Math.max(box.bottom, y),
      })
    }
  }
  return [...boxes]
    .sort(([one], [two]) => (one < two ? -1 : 1))
    .map(([, { left, top, right, bottom }]) => ({
      x: left,
      y: top,
      width: right - left + 1,
      height: bottom - top + 1,
    }))
}

t.test(
  'the box of each cell is the smallest around what differs, whatever the unused byte holds',
  async (t) => {
    const oneIn = fc.constantFrom(2, 40, 900, 20_000, 1e9)
    await t.resolves(
      fc.assert(
        fc.asyncProperty(picturesWithRect(200), oneIn, async ({ width, height, rect, seed }, rarity) => {
          const [before, after] = pair(width, height, seed, rarity)
          const shadow = frameOf(pixels, before, seed)
          const fresh = frameOf(pixels, after, seed + 1)
          const expected = boxesByHand(rect, before, after)
          t.same(pixels.changedBoxes(rect, fresh, shadow), expected)
          t.equal(pixels.differs(rect, fresh, shadow), expected.length > 0)
          pixels.free(shadow)
          pixels.free(fresh)
        }),
        { numRuns: 150, seed: 4 },
      ),
    )
  },
)

t.test(
  'equal pixels have equal hashes, at any place and in any frame; one bit changes the hash',
  async (t) => {
    const bit = fc.integer({ min: 0, max: 23 })
    await t.resolves(
      fc.assert(
        fc.asyncProperty(picturesWithRect(200), bit, fc.nat(), async (drawn, changedBit, where) => {
          const { width, height, rect, seed } = drawn
          const picture = draw(width, height, noise(seed, 7))
          const right = { width: width + 13, height: height + 5 }
          const elsewhere = draw(right.width, right.height, (x, y) =>
            x >= 13 && y >= 5 ? picture.words[(y - 5) * width + x - 13]! : 0,
          )
          const frame = frameOf(pixels, picture, seed)
          const other = frameOf(pixels, elsewhere, seed + 1)
          const moved = { ...rect, x: rect.x + 13, y: rect.y + 5 }
          t.equal(pixels.hash(rect, frame), pixels.hash(moved, other))
          const at = where % (rect.width * rect.height)
          const index = (rect.y + Math.floor(at / rect.width)) * width + rect.x + (at % rect.width)
          const before = pixels.hash(rect, frame)
          picture.words[index]! ^= 1 << changedBit
          const changed = frameOf(pixels, picture, seed)
          t.not(pixels.hash(rect, changed), before)
          for (const used of [frame, other, changed]) pixels.free(used)
        }),
        { numRuns: 120, seed: 5 },
      ),
    )
  },
)

t.test('hashes of many small differences, of order and of shape all differ', async (t) => {
  const hashes = new Set<string>()
  let pictures = 0
  const add = (picture: Picture) => {
    const frame = frameOf(pixels, picture)
    hashes.add(pixels.hash(whole(frame), frame))
    pictures++
    pixels.free(frame)
  }
  for (let at = 0; at < 64 * 64; at += 7) {
    for (const bit of [0, 11, 23]) add(draw(64, 64, (x, y) => (y * 64 + x === at ? 1 << bit : 0)))
  }
  for (const [width, height] of [
    [64, 32],
    [32, 64],
    [128, 16],
    [16, 128],
    [2048, 1],
    [1, 2048],
  ] as const)
    add(draw(width, height, () => 0))
  // More than the key is long: the same parts in another order.
  for (const order of ['ab', 'ba', 'aa', 'bb'])
    add(draw(64, 128, (x, y) => noise(order.charCodeAt(y >> 6))(x, y & 63)))
  add(draw(64, 64, () => 0))
  t.equal(hashes.size, pictures)
})

t.test('each has a random key: a picture that fools one does not fool another', async (t) => {
  const picture = draw(64, 64, noise(9))
  const of = (own: ReturnType<typeof createPixels>) => {
    const frame = frameOf(own, picture)
    return own.hash(whole(frame), frame)
  }
  t.equal(of(pixels), of(pixels))
  t.not(of(createPixels()), of(pixels))
})
