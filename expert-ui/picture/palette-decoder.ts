import { Refusal } from '../../protocol/refusals.ts'
import { inflate } from './inflate.ts'

const MOST_COLOURS = 256
/** The word of a pixel of which only the last byte, alpha, is set. */
const OPAQUE = new Int32Array(Uint8Array.of(0, 0, 0, 255).buffer)[0]!

/**
 * Colours, then rows of indices that each begin on a byte.
 * @param rgba gets the pixels
 * @throws Refusal `malformed`
 */
export function decodePalette(
  width: number,
  height: number,
  bytes: Uint8Array,
  rgba: Uint8ClampedArray<ArrayBuffer>,
): void {
  const inflated = inflate(bytes, 1 + MOST_COLOURS * 3 + width * height)
  const count = (inflated[0] ?? 0) + 1
  const bits = bitsFor(count)
  const rowBytes = Math.ceil((width * bits) / 8)
  const firstRow = 1 + count * 3
  if (inflated.byteLength !== firstRow + rowBytes * height) throw new Refusal('malformed')

  const colours = coloursIn(inflated, count)
  const words = new Int32Array(rgba.buffer, rgba.byteOffset, width * height)
  let every = OPAQUE
  for (let row = 0, to = 0; row < height; row++, to += width) {
    every &= unpackRow(inflated, firstRow + row * rowBytes, bits, colours, words.subarray(to, to + width))
  }
  // An index without a colour has painted something that is not opaque.
  if ((every & OPAQUE) !== OPAQUE) throw new Refusal('malformed')
}

function bitsFor(count: number): 1 | 2 | 4 | 8 {
  if (count <= 2) return 1
  if (count <= 4) return 2
  return count <= 16 ? 4 : 8
}

/** Laid out as bytes and read as words, so the machine's byte order does not matter; 0 where there is no colour. */
function coloursIn(inflated: Uint8Array, count: number): Int32Array {
  const bytes = new Uint8Array(MOST_COLOURS * 4)
  for (let colour = 0, from = 1, to = 0; colour < count; colour++, from += 3, to += 4) {
    bytes[to] = inflated[from]!
    bytes[to + 1] = inflated[from + 1]!
    bytes[to + 2] = inflated[from + 2]!
    bytes[to + 3] = 255
  }
  return new Int32Array(bytes.buffer)
}

/** Returns the bits that all colours of the row have. The two wide cases are most of all tiles and go straight. */
function unpackRow(
  from: Uint8Array,
  start: number,
  bits: 1 | 2 | 4 | 8,
  colours: Int32Array,
  row: Int32Array,
): number {
  let every = -1
  if (bits === 8) {
    for (let x = 0; x < row.length; x++) every &= row[x] = colours[from[start + x]!]!
    return every
  }
  const mask = (1 << bits) - 1
  for (let x = 0, at = start; x < row.length; at++) {
    const byte = from[at]!
    if (bits === 4 && x + 1 < row.length) {
      every &= row[x++] = colours[byte >> 4]!
      every &= row[x++] = colours[byte & 15]!
      continue
    }
    for (let shift = 8 - bits; shift >= 0 && x < row.length; shift -= bits, x++) {
      every &= row[x] = colours[(byte >> shift) & mask]!
    }
  }
  return every
}
