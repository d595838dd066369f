import { deflateRawSync } from 'node:zlib'
import fc from 'fast-check'
import sharp from 'sharp'
import t from 'tap'
import { imageSize } from '../../expert-ui/picture/image-size.ts'
import { checkUpdate } from '../../expert-ui/picture/picture-bounds.ts'
import { PixelRoom } from '../../expert-ui/picture/pixel-room.ts'
import { decodeTiles, type Patch } from '../../expert-ui/picture/tile-decoder.ts'
import type { Tile } from '../../protocol/messages/picture.ts'
import { Refusal } from '../../protocol/refusals.ts'
import { coloursIn, encodeTile, type Place, type PlainCoding, type Rgb } from './reference-encoder.ts'

/** Used for everything here, so that what is left in it from before would be found. */
const room = new PixelRoom()

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
    most: fc.constantFrom(0, 1, 2, 255),
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
        if ('image' in patch.paint) throw new Error('an image can only be drawn by a browser')
        const colour = 'colour' in patch.paint ? patch.paint.colour : patch.paint.rgba.subarray(at, at + 3)
        pixels.set(colour, (y * width + x) * 3)
      }
    }
  }
  return pixels
}

function codingsFor(screen: Rgb, place: Place): PlainCoding[] {
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
        const patches = await decodeTiles([tile], bytes, room)
        const painted = paint(patches, width, height)
        room.free()
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
    room,
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

const imageOf = (width: number, height: number, channels: 3 | 4 = 3) =>
  sharp(Buffer.alloc(width * height * channels, 90), { raw: { width, height, channels } })

const MALFORMED: Record<string, [Tile, Uint8Array]> = {
  'rgb a byte short': sized({}, deflated(...new Array(11).fill(0))),
  'rgb a byte long': sized({}, deflated(...new Array(13).fill(0))),
  'rgb far too long': sized({}, new Uint8Array(deflateRawSync(new Uint8Array(50_000_000)))),
  'rgb that is no DEFLATE': sized({}, Uint8Array.of(0xff, 0xff, 0xff)),
  'rgb cut short': sized({}, twelve.subarray(0, twelve.byteLength - 2)),
  'palette of nothing': sized({ coding: 'palette' }, deflated()),
  'palette cut within its colours': sized({ coding: 'palette' }, deflated(1, 1, 2, 3)),
  'palette a row short': sized({ coding: 'palette' }, deflated(0, 1, 2, 3, 0)),
  'palette a byte long': sized({ coding: 'palette' }, deflated(0, 1, 2, 3, 0, 0, 0)),
  'palette index of no colour': sized({ coding: 'palette' }, deflated(0, 1, 2, 3, 0, 0b0100_0000)),
  'palette index past four bits': sized(
    { coding: 'palette' },
    deflated(2, ...new Array(9).fill(5), 0, 0b1100_0000),
  ),
  'webp that is none': sized({ coding: 'webp' }, Uint8Array.of(1, 2, 3)),
  'webp of another size': sized({ coding: 'webp' }, await imageOf(3, 2).webp({ lossless: true }).toBuffer()),
  'webp that is a jpeg': sized({ coding: 'webp' }, await imageOf(2, 2).jpeg().toBuffer()),
  'jpeg that is a webp': sized({ coding: 'jpeg' }, await imageOf(2, 2).webp().toBuffer()),
  'jpeg of another size': sized({ coding: 'jpeg' }, await imageOf(2, 3).jpeg().toBuffer()),
}

for (const [what, [one, bytes]] of Object.entries(MALFORMED)) {
  t.test(`[S2] refused: ${what}`, async (t) => {
    await t.rejects(decodeTiles([one], bytes, room), { name: 'Refusal', code: 'malformed' })
  })
}

t.test('[S2] anything else ends in a Refusal, never in another error or a pixel outside', async () => {
  const anyTile = fc.record({
    x: fc.nat(6),
    y: fc.nat(6),
    width: fc.integer({ min: 1, max: 6 }),
    height: fc.integer({ min: 1, max: 6 }),
    coding: fc.constantFrom<Tile['coding']>('solid', 'palette', 'rgb', 'webp', 'jpeg'),
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
      const payload = Buffer.concat(payloads)
      try {
        checkUpdate({ t: 'update', seq: 1, tiles }, payload.byteLength, { width: 6, height: 6 })
        paint(await decodeTiles(tiles, payload, room), 6, 6)
      } catch (error) {
        if (!(error instanceof Refusal)) throw error
      }
    }),
    { numRuns: 500 },
  )
})

t.test('the size of an image is read from its head, whatever kind it is', async (t) => {
  const [width, height] = [300, 17]
  const webps = {
    lossless: await imageOf(width, height).webp({ lossless: true }).toBuffer(),
    lossy: await imageOf(width, height).webp().toBuffer(),
    'lossy with alpha': await imageOf(width, height, 4).webp().toBuffer(),
  }
  const jpegs = {
    plain: await imageOf(width, height).jpeg().toBuffer(),
    progressive: await imageOf(width, height).jpeg({ progressive: true }).withMetadata().toBuffer(),
  }
  for (const [kind, file] of Object.entries(webps)) t.same(imageSize('webp', file), { width, height }, kind)
  for (const [kind, file] of Object.entries(jpegs)) t.same(imageSize('jpeg', file), { width, height }, kind)
  t.equal(imageSize('webp', webps.lossless.subarray(0, 20)), null, 'cut short')
  t.equal(imageSize('jpeg', jpegs.plain.subarray(0, 40)), null, 'cut short')
})
