import { inflateSync } from 'fflate'
import { Refusal } from '../../protocol/refusals.ts'

/** Used again and again, as `PixelRoom` is; what is larger is made anew. */
const scratch = new Uint8Array(4 * 1024 * 1024)

/**
 * Inflates raw DEFLATE (RFC 1951) into at most `mostBytes`. At once: a `DecompressionStream` costs half a millisecond
 * each time it is made, and an update has hundreds of tiles.
 * @returns what came out, valid until the next call
 * @throws Refusal `malformed` where the stream is broken, cut short or too long
 */
export function inflate(deflated: Uint8Array, mostBytes: number): Uint8Array<ArrayBuffer> {
  // No coder makes that much of so little; it bounds what a stream made to swell can cost.
  if (deflated.byteLength > mostBytes + (mostBytes >> 3) + 64) throw new Refusal('malformed')
  try {
    // One byte more, because what does not fit is left out without a word.
    const out =
      mostBytes < scratch.byteLength ? scratch.subarray(0, mostBytes + 1) : new Uint8Array(mostBytes + 1)
    const inflated = inflateSync(deflated, { out })
    if (inflated.byteLength <= mostBytes) return inflated as Uint8Array<ArrayBuffer>
  } catch {
    // Told below, in our own words.
  }
  throw new Refusal('malformed')
}

/** As `inflate`, where the length is known beforehand. */
export function inflateExactly(deflated: Uint8Array, bytes: number): Uint8Array<ArrayBuffer> {
  const inflated = inflate(deflated, bytes)
  if (inflated.byteLength !== bytes) throw new Refusal('malformed')
  return inflated
}
