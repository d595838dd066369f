import fc from 'fast-check'
import t from 'tap'
import { createPixels } from '../../../peer-agent/picture/pixels.ts'
import { bring, draw, frameOf, noise, rgbOf, shows, whole } from './drawn.ts'
import { picturesWithRect } from './rects-in-pictures.ts'

const pixels = createPixels()

t.test('a frame is black until something is brought into it, and then only there', async (t) => {
  await t.resolves(
    fc.assert(
      fc.asyncProperty(picturesWithRect(90), async ({ width, height, rect, seed }) => {
        const picture = draw(width, height, noise(seed))
        const frame = pixels.frame(width, height)
        t.ok(pixels.rgb(whole(frame), frame).every((byte) => byte === 0))
        bring(pixels, picture, rect, frame, seed)
        const expected = draw(width, height, (x, y) => {
          const isInside = x >= rect.x && x < rect.x + rect.width && y >= rect.y && y < rect.y + rect.height
          return isInside ? picture.words[y * width + x]! : 0
        })
        t.ok(shows(pixels, frame, expected))
        pixels.clear(frame)
        t.ok(pixels.rgb(whole(frame), frame).every((byte) => byte === 0))
        pixels.free(frame)
      }),
      { numRuns: 60, seed: 1 },
    ),
  )
})

t.test('a part is copied from frame to frame, of other sizes too', async (t) => {
  await t.resolves(
    fc.assert(
      fc.asyncProperty(picturesWithRect(90), fc.nat(40), async ({ width, height, rect, seed }, more) => {
        const picture = draw(width, height, noise(seed))
        const from = frameOf(pixels, picture)
        const to = pixels.frame(width + more, height)
        pixels.copy(rect, from, to)
        t.ok(rgbOf(picture, rect).equals(pixels.rgb(rect, to)))
        const all = pixels.rgb(whole(to), to).filter((byte) => byte !== 0).length
        t.equal(all, pixels.rgb(rect, to).filter((byte) => byte !== 0).length, 'nothing else is touched')
        pixels.free(from)
        pixels.free(to)
      }),
      { numRuns: 60, seed: 2 },
    ),
  )
})

t.test('a part is moved within a frame, right also where source and target overlap', async (t) => {
  const shift = fc.record({ dx: fc.integer({ min: -60, max: 60 }), dy: fc.integer({ min: -40, max: 40 }) })
  await t.resolves(
    fc.assert(
      fc.asyncProperty(picturesWithRect(120), shift, async ({ width, height, rect, seed }, { dx, dy }) => {
        const x = Math.max(rect.x, dx)
        const y = Math.max(rect.y, dy)
        const to = {
          x,
          y,
          width: Math.min(rect.x + rect.width, width + Math.min(0, dx)) - x,
          height: Math.min(rect.y + rect.height, height + Math.min(0, dy)) - y,
        }
        fc.pre(to.width > 0 && to.height > 0)
        const picture = draw(width, height, noise(seed))
        const frame = frameOf(pixels, picture)
        pixels.move(to, { dx, dy }, frame)
        const expected = draw(width, height, (px, py) => {
          const isInside = px >= x && px < x + to.width && py >= y && py < y + to.height
          return picture.words[isInside ? (py - dy) * width + px - dx : py * width + px]!
        })
        t.ok(shows(pixels, frame, expected))
        pixels.free(frame)
      }),
      { numRuns: 120, seed: 3 },
    ),
  )
})

t.test('freed memory is used again, whatever sizes come and go', async (t) => {
  const own = createPixels()
  const sizes = [
    [1920, 1080],
    [800, 600],
    [1280, 1024],
    [1920, 1080],
  ] as const
  let highest = 0
  for (let round = 0; round < 12; round++) {
    const frames = sizes.map(([width, height]) => own.frame(width, height))
    const end = Math.max(...frames.map(({ address, width, height }) => address + width * height * 4))
    if (round === 0) highest = end
    t.ok(end <= highest, `round ${round}`)
    const inOrder = round % 2 === 0 ? frames : [...frames].reverse()
    for (const frame of inOrder) own.free(frame)
  }
  const frame = own.frame(10, 10)
  own.free(frame)
  t.throws(() => own.free(frame), /given back before/)
})

t.test('scratch memory stays in place while results of any size are made', async (t) => {
  const own = createPixels()
  const picture = draw(300, 200, noise(5))
  const frame = frameOf(own, picture)
  const other = own.frame(300, 200)
  const scratch = own.scratch(300 * 200 * 4)
  own.rgb(whole(frame), frame)
  own.packRgb(whole(frame), frame)
  own.packPalette(whole(frame), frame)
  own.i420(whole(frame), frame, 200, [])
  own.changedBoxes(whole(frame), frame, other)
  own.findShift(whole(frame), frame, other)
  own.copiesOf(whole(frame), { dx: 1, dy: 1 }, frame, other)
  own.hash(whole(frame), frame)
  t.equal(scratch.length, 300 * 200 * 4, 'its memory was not taken away')
  t.ok(shows(own, frame, picture))
})

t.test('what does not lie in a frame is refused in a sentence, before anything is touched', async (t) => {
  const own = createPixels()
  const picture = draw(64, 48, noise(8))
  const frame = own.frame(64, 48)
  const other = own.frame(64, 40)
  t.throws(() => own.blit(whole(frame), frame), /Scratch memory holds less/)
  bring(own, picture, whole(picture), frame)
  for (const rect of [
    { x: -1, y: 0, width: 4, height: 4 },
    { x: 0, y: 45, width: 4, height: 4 },
    { x: 61, y: 0, width: 4, height: 4 },
    { x: 0, y: 0, width: 0, height: 4 },
    { x: 0, y: 0, width: 4, height: Number.NaN },
    { x: 0.5, y: 0, width: 4, height: 4 },
  ]) {
    t.throws(() => own.rgb(rect, frame), RangeError)
    t.throws(() => own.copy(rect, frame, frame), RangeError)
    t.throws(() => own.hash(rect, frame), /do not lie in a frame of 64 × 48/)
  }
  t.throws(() => own.differs(whole(other), frame, other), /not comparable/)
  t.throws(() => own.move(whole(frame), { dx: 1, dy: 0 }, frame), RangeError)
  t.throws(() => own.frame(0, 5), RangeError)
  t.throws(() => own.frame(60_000, 60_000), /There is no memory for \d+ MiB/)
  t.ok(shows(own, frame, picture), 'all else is as before')
  t.ok(own.frame(64, 64), 'and there is still memory for what fits')
})
