import type { ScreenLayout, Tile } from '../../protocol/messages/picture.ts'
import { Refusal } from '../../protocol/refusals.ts'
import { inflate, inflateExactly } from './inflate.ts'
import { checkTiles } from './picture-bounds.ts'

/** A rectangle of the screen, ready to paint: one colour, or width × height opaque RGBA pixels row by row. */
export interface Patch {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  readonly paint:
    | { readonly colour: readonly [red: number, green: number, blue: number] }
    | { readonly rgba: Uint8ClampedArray<ArrayBuffer> }
}

/**
 * Decodes all tiles of one update, whose bytes follow each other in `payload`.
 * All or nothing: throws a `Refusal` (malformed, too-large) and has touched nothing.
 */
export async function decodeTiles(
  tiles: readonly Tile[],
  payload: Uint8Array,
  layout: ScreenLayout,
): Promise<Patch[]> {
  checkTiles(tiles, payload.byteLength, layout)
  let from = 0
  const patches: Promise<Patch>[] = []
  for (const tile of tiles) {
    patches.push(decodeTile(tile, payload.subarray(from, from + tile.bytes)))
    from += tile.bytes
  }
  return Promise.all(patches)
}

async function decodeTile(tile: Tile, bytes: Uint8Array): Promise<Patch> {
  const { x, y, width, height } = tile
  switch (tile.coding) {
    case 'solid':
      return { x, y, width, height, paint: { colour: [bytes[0]!, bytes[1]!, bytes[2]!] } }
    case 'palette':
      return { x, y, width, height, paint: { rgba: await decodePalette(width * height, bytes) } }
    case 'rgb':
      return { x, y, width, height, paint: { rgba: await decodeRgb(width, height, bytes) } }
  }
}

async function decodePalette(pixels: number, bytes: Uint8Array): Promise<Uint8ClampedArray<ArrayBuffer>> {
  const inflated = await inflate(bytes, 1 + 256 * 3 + pixels)
  const count = (inflated[0] ?? 0) + 1
  const indices = inflated.subarray(1 + count * 3)
  if (inflated.byteLength !== 1 + count * 3 + pixels) throw new Refusal('malformed')

  // Colours are laid out as bytes and read as words, so the machine's byte order does not matter.
  const colourBytes = new Uint8Array(256 * 4)
  for (let colour = 0; colour < count; colour++) {
    const at = 1 + colour * 3
    colourBytes.set([inflated[at]!, inflated[at + 1]!, inflated[at + 2]!, 255], colour * 4)
  }
  const colours = new Uint32Array(colourBytes.buffer)
  const words = new Uint32Array(pixels)
  for (let pixel = 0; pixel < pixels; pixel++) {
    const index = indices[pixel]!
    if (index >= count) throw new Refusal('malformed')
    words[pixel] = colours[index]!
  }
  return new Uint8ClampedArray(words.buffer)
}

async function decodeRgb(
  width: number,
  height: number,
  bytes: Uint8Array,
): Promise<Uint8ClampedArray<ArrayBuffer>> {
  const stride = width * 3
  const rgb = await inflateExactly(bytes, stride * height)
  for (let at = stride; at < rgb.byteLength; at++) rgb[at] = rgb[at]! + rgb[at - stride]!

  const rgba = new Uint8ClampedArray(width * height * 4)
  for (let from = 0, to = 0; from < rgb.byteLength; from += 3, to += 4) {
    rgba[to] = rgb[from]!
    rgba[to + 1] = rgb[from + 1]!
    rgba[to + 2] = rgb[from + 2]!
    rgba[to + 3] = 255
  }
  return rgba
}
