import fc from 'fast-check'
import t from 'tap'
import { createPixels } from '../../../peer-agent/picture/pixels.ts'
import { draw, frameOf, mix, noise, type Picture, rgbOf, whole } from './drawn.ts'
import { picturesWithRect } from './rects-in-pictures.ts'

const pixels = createPixels()

/** Draws what `packed` says, as protocol/messages/picture.ts describes it. */
function unpack(packed: Uint8Array, width: number, height: number): Buffer {
  const colours = packed[0]! + 1
  const bits = colours <= 2 ? 1 : colours <= 4 ? 2 : colours <= 16 ? 4 : 8
  const rowBytes = Math.ceil((width * bits) / 8)
  const rgb = Buffer.alloc(width * height * 3)
  for (let at = 0; at < width * height; at++) {
    const x = at % width
    const first = 1 + colours * 3 + Math.floor(at / width) * rowBytes
    const byte = packed[first + Math.floor((x * bits) / 8)]!
    const index = (byte >> (8 - bits - ((x * bits) % 8))) & ((1 << bits) - 1)
    rgb.set(packed.subarray(1 + index * 3, 4 + index * 3), at * 3)
  }
  return rgb
}

t.test('up to 256 colours are packed as tightly as their number allows', async (t) => {
  const colours = fc.constantFrom(1, 2, 3, 4, 5, 16, 17, 200, 256, 257, 4000)
  await t.resolves(
    fc.assert(
      fc.asyncProperty(picturesWithRect(120), colours, async ({ width, height, rect, seed }, most) => {
        const picture = draw(width, height, noise(seed, most))
        const frame = frameOf(pixels, picture, seed)
        const expected = rgbOf(picture, rect)
        const inOrder = [...new Set(expected.toString('hex').match(/.{6}/g))]
        const result = pixels.packPalette(rect, frame)
        pixels.free(frame)
        if (inOrder.length > 256) return t.equal(result, undefined)
        t.equal(result?.colours, inOrder.length)
        const { packed } = result!
        const bits = inOrder.length <= 2 ? 1 : inOrder.length <= 4 ? 2 : inOrder.length <= 16 ? 4 : 8
        const head = 1 + inOrder.length * 3
        t.equal(packed.length, head + Math.ceil((rect.width * bits) / 8) * rect.height)
        t.equal(Buffer.from(packed.subarray(1, head)).toString('hex'), inOrder.join(''), 'by appearance')
        t.ok(unpack(packed, rect.width, rect.height).equals(expected))
      }),
      { numRuns: 250, seed: 6 },
    ),
  )
})

t.test('pixels like their left neighbour are counted', async (t) => {
  await t.resolves(
    fc.assert(
      fc.asyncProperty(picturesWithRect(120), fc.constantFrom(1, 2, 4000), async (drawn, colours) => {
        const { width, height, rect, seed } = drawn
        const picture = draw(width, height, noise(seed, colours))
        const frame = frameOf(pixels, picture, seed)
        const rgb = rgbOf(picture, rect)
        let alike = 0
        for (let at = 0; at < rect.width * rect.height; at++) {
          const isFirst = at % rect.width === 0
          const left = rgb.subarray(at * 3 - 3, at * 3)
          if (!isFirst && rgb.subarray(at * 3, at * 3 + 3).equals(left)) alike++
        }
        t.equal(pixels.flatShare(rect, frame), alike / (rect.width * rect.height))
        pixels.free(frame)
      }),
      { numRuns: 200, seed: 7 },
    ),
  )
})

t.test('RGB comes plain, or each row less the one above', async (t) => {
  await t.resolves(
    fc.assert(
      fc.asyncProperty(picturesWithRect(120), async ({ width, height, rect, seed }) => {
        const picture = draw(width, height, noise(seed))
        const frame = frameOf(pixels, picture, seed)
        const expected = rgbOf(picture, rect)
        t.ok(expected.equals(pixels.rgb(rect, frame)))
        const less = pixels.packRgb(rect, frame)
        const row = rect.width * 3
        const back = Buffer.alloc(less.length)
        for (let at = 0; at < less.length; at++) back[at] = less[at]! + (at < row ? 0 : back[at - row]!)
        t.ok(expected.equals(back))
        t.equal(less.buffer.byteLength, expected.length, 'in memory of its own')
        pixels.free(frame)
      }),
      { numRuns: 100, seed: 7 },
    ),
  )
})

/** BT.601 in limited range, in numbers with a fraction. */
function lumaOf(word: number): number {
  const [r, g, b] = [word >> 16, (word >> 8) & 0xff, word & 0xff]
  return 16 + (65.481 * r + 128.553 * g + 24.966 * b) / 255
}

function chromaOf(picture: Picture, x: number, y: number): [number, number] {
  let [r, g, b] = [0, 0, 0]
  for (const at of [0, 1, picture.width, picture.width + 1]) {
    const word = picture.words[y * picture.width + x + at]!
    r += (word >> 16) / 4
    g += ((word >> 8) & 0xff) / 4
    b += (word & 0xff) / 4
  }
  return [128 + (-37.797 * r - 74.203 * g + 112 * b) / 255, 128 + (112 * r - 93.786 * g - 18.214 * b) / 255]
}

t.test('a film frame has the colours of BT.601, and below it the strip', async (t) => {
  const half = fc.record({
    x: fc.nat(20),
    y: fc.nat(20),
    width: fc.integer({ min: 4, max: 60 }),
    height: fc.integer({ min: 1, max: 20 }),
    strip: fc.integer({ min: 0, max: 8 }),
    blocks: fc.nat(15),
    seed: fc.nat(),
  })
  await t.resolves(
    fc.assert(
      fc.asyncProperty(half, async ({ x, y, seed, ...halves }) => {
        const [width, height, strip] = [halves.width * 2, halves.height * 2, halves.strip * 2]
        const picture = draw(x + width + 3, y + height + 3, noise(seed))
        const frame = frameOf(pixels, picture, seed)
        const blocks = Math.min(halves.blocks, Math.floor(width / 8))
        const bits = Array.from({ length: blocks }, (_, at) => mix(seed, at, 0) % 2 === 1)
        const film = pixels.i420({ x, y, width, height }, frame, strip, bits)
        pixels.free(frame)
        const rows = height + strip
        t.equal(film.buffer.byteLength, (width * rows * 3) / 2)
        const u = film.subarray(width * rows, (width * rows * 5) / 4)
        const v = film.subarray((width * rows * 5) / 4)
        let wrong = 0
        const expect = (found: number | undefined, wanted: number, by: number) => {
          if (!(Math.abs(found! - wanted) <= by)) wrong++
        }
        for (let row = 0; row < rows; row++) {
          for (let column = 0; column < width; column++) {
            const isStrip = row >= height
            const word = isStrip ? 0 : picture.words[(y + row) * picture.width + x + column]!
            const strips = bits[Math.floor(column / 8)] ? 235 : 16
            expect(film[row * width + column], isStrip ? strips : lumaOf(word), isStrip ? 0 : 1)
            if (row % 2 === 1 || column % 2 === 1) continue
            const [cb, cr] = isStrip ? [128, 128] : chromaOf(picture, x + column, y + row)
            const at = (row / 2) * (width / 2) + column / 2
            expect(u[at], cb, isStrip ? 0 : 1.5)
            expect(v[at], cr, isStrip ? 0 : 1.5)
          }
        }
        t.equal(wrong, 0)
      }),
      { numRuns: 80, seed: 8 },
    ),
  )
})

t.test('memory that was used before is used again where it fits', async (t) => {
  const picture = draw(40, 20, noise(3, 5))
  const frame = frameOf(pixels, picture)
  const into = new Uint8Array(40 * 20 * 3 + 7).fill(0xee)
  const rgb = pixels.rgb(whole(picture), frame, into)
  t.ok(rgb.buffer === into.buffer && rgbOf(picture, whole(picture)).equals(rgb))
  t.same([...into.subarray(rgb.length)], new Array(7).fill(0xee), 'and nothing behind it')
  const { packed } = pixels.packPalette(whole(picture), frame, into)!
  t.ok(packed.buffer === into.buffer && unpack(packed, 40, 20).equals(rgbOf(picture, whole(picture))))
  t.not(pixels.rgb(whole(picture), frame, into.subarray(8)).buffer, into.buffer, 'too small')
  const film = pixels.i420(whole(picture), frame, 2, [true])
  const again = new Uint8Array(film.length).fill(0xee)
  t.equal(pixels.i420(whole(picture), frame, 2, [true], again), again)
  t.same(again, film)
  t.not(pixels.i420(whole(picture), frame, 4, [true], again), again, 'another size')
})

t.test('known colours, and what no film can be', async (t) => {
  const blue = draw(16, 2, () => 0x0000ff)
  const frame = frameOf(pixels, blue)
  const film = pixels.i420(whole(blue), frame, 0, [])
  t.same([film[0], film[32], film[40]], [41, 240, 110])
  const white = frameOf(
    pixels,
    draw(16, 2, () => 0xffffff),
  )
  const light = pixels.i420({ x: 0, y: 0, width: 16, height: 2 }, white, 0, [])
  t.same([light[0], light[32], light[40]], [235, 128, 128])
  t.throws(() => pixels.i420(whole(blue), frame, 2, [true, false, true]), /no room for 3 blocks/)
  t.throws(() => pixels.i420(whole(blue), frame, 3, [true]), /halved/)
  t.throws(() => pixels.i420({ x: 0, y: 0, width: 15, height: 2 }, frame, 2, []), /even/)
  t.throws(() => pixels.i420({ x: 0, y: 0, width: 6, height: 2 }, frame, 2, []), /at least 8/)
})
