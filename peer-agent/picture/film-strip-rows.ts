const BLOCK_PIXELS = 8
const LIGHT = 235
const DARK = 16
const NO_COLOUR = 128

/**
 * Writes the strip below an I420 picture that is `height` high without it: a block 8 pixels wide for each bit, dark up
 * to the right side, no colour. Chroma has half the rows, so `strip` is even.
 */
export function writeStrip(
  i420: Uint8Array,
  width: number,
  height: number,
  strip: number,
  bits: readonly boolean[],
): void {
  if (bits.length * BLOCK_PIXELS > width)
    throw new RangeError(`A strip ${width} pixels wide has no room for ${bits.length} blocks.`)
  if (strip % 2 !== 0) throw new RangeError(`A strip of ${strip} rows can't be halved for chroma.`)
  const lumaEnd = width * (height + strip)
  const first = i420.subarray(width * height, width * height + (strip > 0 ? width : 0)).fill(DARK)
  for (const [at, isLight] of bits.entries()) {
    if (isLight) first.fill(LIGHT, at * BLOCK_PIXELS, (at + 1) * BLOCK_PIXELS)
  }
  for (let row = 1; row < strip; row++) i420.set(first, width * (height + row))
  const chroma = (width / 2) * (height / 2)
  const chromaStrip = (width / 2) * (strip / 2)
  for (let plane = 0; plane < 2; plane++) {
    const end = lumaEnd + (plane + 1) * (chroma + chromaStrip)
    i420.fill(NO_COLOUR, end - chromaStrip, end)
  }
}
