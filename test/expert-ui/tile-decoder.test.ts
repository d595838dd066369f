import { deflateRawSync } from 'node:zlib'
import fc from 'fast-check'
import t from 'tap'
import { MAX_SCREEN_AREA } from '../../expert-ui/picture/picture-bounds.ts'
import { decodeTiles, type Patch } from '../../expert-ui/picture/tile-decoder.ts'
import type { ScreenLayout, Tile } from '../../protocol/messages/picture.ts'
import { Refusal } from '../../protocol/refusals.ts'
import { coloursIn, encodeTile, type Place, type Rgb } from './reference-encoder.ts'

const layoutOf = (width: number, height: number): ScreenLayout => ({
  width,
  height,
  monitors: [{ id: 'one', primary: true, x: 0, y: 0, width, height }],
})

function placesIn(width: number, height: number): fc.Arbitrary<Place> {
  return fc.tuple(fc.nat(width - 1), fc.nat(height - 1)).chain(([x, y]) =>
    fc.record({
      x: fc.constant(x),
      y: fc.constant(y),
      width: fc.integer({ min: 1, max: width - x }),
      height: fc.integer({ min: 1, max: height - y }),
    }),
  )
}

/** A screen of few or many colours and one rectangle of it. */
const screenAndPlace: fc.Arbitrary<{ screen: Rgb; place: Place }> = fc
  .record({
    width: fc.integer({ min: 1, max: 40 }),
    height: fc.integer({ min: 1, max: 40 }),
    most: fc.constantFrom(0, 1, 255),
  })
  .chain(({ width, height, most }) =>
    fc.record({
      screen: fc
        .uint8Array({ minLength: width * height * 3, maxLength: width * height * 3, max: most })
        .map((pixels) => ({ width, height, pixels })),
      place: placesIn(width, height),
    }),
  )

/** Paints as the worker does, and fails on the first pixel that would lie outside. */
function paint(patches: readonly Patch[], width: number, height: number): Uint8Array {
  const pixels = new Uint8Array(width * height * 3)
  for (const patch of patches) {
    for (let row = 0; row < patch.height; row++) {
      for (let column = 0; column < patch.width; column++) {
        const [x, y] = [patch.x + column, patch.y + row]
        if (x < 0 || y < 0 || x >= width || y >= height) throw new Error(`pixel ${x},${y} is outside`)
        const at = (row * patch.width + column) * 4
        const colour = 'colour' in patch.paint ? patch.paint.colour : patch.paint.rgba.subarray(at, at + 3)
        pixels.set(colour, (y * width + x) * 3)
      }
    }
  }
  return pixels
}

function codingsFor(screen: Rgb, place: Place): Tile['coding'][] {
  const colours = coloursIn(screen, place)
  return [
    'rgb',
    ...(colours <= 256 ? (['palette'] as const) : []),
    ...(colours === 1 ? (['solid'] as const) : []),
  ]
}

t.test('what was coded is what is painted, in every coding', async (t) => {
  const seen = new Set<string>()
  await fc.assert(
    fc.asyncProperty(screenAndPlace, async ({ screen, place }) => {
      const { width, height } = screen
      for (const coding of codingsFor(screen, place)) {
        seen.add(coding)
        const { tile, bytes } = encodeTile(screen, place, coding)
        const patches = await decodeTiles([tile], bytes, layoutOf(width, height))
        const painted = paint(patches, width, height)
        for (let y = place.y; y < place.y + place.height; y++) {
          const from = (y * width + place.x) * 3
          const until = from + place.width * 3
          if (Buffer.compare(painted.subarray(from, until), screen.pixels.subarray(from, until)) !== 0)
            throw new Error(`row ${y} differs in ${coding}`)
        }
      }
    }),
    { numRuns: 300 },
  )
  t.same([...seen].sort(), ['palette', 'rgb', 'solid'])
})

t.test('several tiles take their bytes in order, and later ones lie on top', async (t) => {
  const screen: Rgb = { width: 4, height: 1, pixels: Uint8Array.from([1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4]) }
  const tiles = [
    encodeTile(screen, { x: 0, y: 0, width: 4, height: 1 }, 'rgb'),
    encodeTile(
      { ...screen, pixels: new Uint8Array(12).fill(9) },
      { x: 1, y: 0, width: 2, height: 1 },
      'solid',
    ),
    encodeTile(screen, { x: 3, y: 0, width: 1, height: 1 }, 'palette'),
  ]
  const payload = Buffer.concat(tiles.map(({ bytes }) => bytes))
  const patches = await decodeTiles(
    tiles.map(({ tile }) => tile),
    payload,
    layoutOf(4, 1),
  )
  t.same([...paint(patches, 4, 1)], [1, 1, 1, 9, 9, 9, 9, 9, 9, 4, 4, 4])
})

const tile = (part: Partial<Tile>): Tile => ({
  x: 0,
  y: 0,
  width: 2,
  height: 2,
  coding: 'rgb',
  bytes: 1,
  ...part,
})
const deflated = (...bytes: number[]) => new Uint8Array(deflateRawSync(Uint8Array.from(bytes)))
const sized = (part: Partial<Tile>, bytes: Uint8Array): [Tile, Uint8Array] => [
  tile({ bytes: bytes.byteLength, ...part }),
  bytes,
]
const twelve = deflated(...new Array(12).fill(7))

const MALFORMED: Record<string, [Tile, Uint8Array]> = {
  'right of the screen': sized({ x: 3 }, twelve),
  'below the screen': sized({ y: 3 }, twelve),
  'wider than the screen': sized({ width: 5, height: 1 }, deflated(...new Array(15).fill(0))),
  'bytes missing from the payload': sized({ bytes: twelve.byteLength + 1 }, twelve),
  'bytes left over in the payload': sized({ bytes: twelve.byteLength - 1 }, twelve),
  'solid of two bytes': sized({ coding: 'solid' }, Uint8Array.of(1, 2)),
  'solid of four bytes': sized({ coding: 'solid' }, Uint8Array.of(1, 2, 3, 4)),
  'rgb a byte short': sized({}, deflated(...new Array(11).fill(0))),
  'rgb a byte long': sized({}, deflated(...new Array(13).fill(0))),
  'rgb far too long': sized({}, new Uint8Array(deflateRawSync(new Uint8Array(50_000_000)))),
  'rgb that is no DEFLATE': sized({}, Uint8Array.of(0xff, 0xff, 0xff)),
  'rgb cut short': sized({}, twelve.subarray(0, twelve.byteLength - 2)),
  'palette of nothing': sized({ coding: 'palette' }, deflated()),
  'palette cut within its colours': sized({ coding: 'palette' }, deflated(1, 1, 2, 3)),
  'palette an index short': sized({ coding: 'palette' }, deflated(0, 1, 2, 3, 0, 0, 0)),
  'palette an index long': sized({ coding: 'palette' }, deflated(0, 1, 2, 3, 0, 0, 0, 0, 0)),
  'palette index of no colour': sized({ coding: 'palette' }, deflated(0, 1, 2, 3, 0, 0, 1, 0)),
}

for (const [what, [one, bytes]] of Object.entries(MALFORMED)) {
  t.test(`[S2] refused: ${what}`, async (t) => {
    await t.rejects(decodeTiles([one], bytes, layoutOf(4, 4)), { name: 'Refusal', code: 'malformed' })
  })
}

t.test('[S2] tiles that would paint the screen over and over are too large', async (t) => {
  const many = new Array(3).fill(tile({ width: 4, height: 4, coding: 'solid', bytes: 3 }))
  await t.rejects(decodeTiles(many, new Uint8Array(9), layoutOf(4, 4)), { code: 'too-large' })
})

t.test('[S2] anything else ends in a Refusal, never in another error or a pixel outside', async () => {
  const anyTile = fc.record({
    x: fc.nat(6),
    y: fc.nat(6),
    width: fc.integer({ min: 1, max: 6 }),
    height: fc.integer({ min: 1, max: 6 }),
    coding: fc.constantFrom<Tile['coding']>('solid', 'palette', 'rgb'),
    raw: fc.uint8Array({ maxLength: 140 }),
    deflate: fc.boolean(),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(anyTile, { maxLength: 3 }), async (drawn) => {
      const payloads = drawn.map(({ raw, deflate }) => (deflate ? deflateRawSync(raw) : Buffer.from(raw)))
      const tiles = drawn.map(({ raw: _raw, deflate: _deflate, ...place }, index) => ({
        ...place,
        bytes: payloads[index]!.byteLength,
      }))
      try {
        paint(await decodeTiles(tiles, Buffer.concat(payloads), layoutOf(6, 6)), 6, 6)
      } catch (error) {
        if (!(error instanceof Refusal)) throw error
      }
    }),
    { numRuns: 500 },
  )
})

t.test('the largest screen holds eight 4K monitors', (t) => {
  t.equal(MAX_SCREEN_AREA, 8 * 3840 * 2160)
  t.end()
})
