/**
 * A number as a row of black and white blocks: two that are always the same, the number, a check. Large enough that
 * even a poor coding leaves them readable, and a half-drawn row is not taken for a number.
 */
export const BLOCK_PIXELS = 16
const NUMBER_BITS = 16
const CHECK_BITS = 4
const BLOCKS = 2 + NUMBER_BITS + CHECK_BITS
export const BARCODE = { width: BLOCKS * BLOCK_PIXELS, height: BLOCK_PIXELS }

/** True is white. */
export function barcodeOf(number: number): boolean[] {
  const check = checkOf(number)
  return [
    true,
    false,
    ...Array.from({ length: NUMBER_BITS }, (_, at) => ((number >> (NUMBER_BITS - 1 - at)) & 1) === 1),
    ...Array.from({ length: CHECK_BITS }, (_, at) => ((check >> (CHECK_BITS - 1 - at)) & 1) === 1),
  ]
}

/** The number in these blocks, or null where they are no barcode. */
export function readBarcode(blocks: readonly boolean[]): number | null {
  if (blocks.length !== BLOCKS || !blocks[0] || blocks[1]) return null
  const value = (bits: readonly boolean[]) => bits.reduce((sum, isWhite) => sum * 2 + (isWhite ? 1 : 0), 0)
  const number = value(blocks.slice(2, 2 + NUMBER_BITS))
  return value(blocks.slice(2 + NUMBER_BITS)) === checkOf(number) ? number : null
}

function checkOf(number: number): number {
  return (number ^ (number >> 4) ^ (number >> 8) ^ (number >> 12) ^ 0b0110) & 0xf
}
