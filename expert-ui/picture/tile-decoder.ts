import type { Tile } from '../../protocol/messages/picture.ts'
import type { HeldImage } from './held-image.ts'
import { decodeImage } from './image-decoder.ts'
import { inflateExactly } from './inflate.ts'
import { decodePalette } from './palette-decoder.ts'
import type { PixelRoom } from './pixel-room.ts'

/** A rectangle of the screen, ready to paint: one colour, width × height opaque RGBA pixels row by row, or an image. */
export interface Patch {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  readonly paint:
    | { readonly colour: readonly [red: number, green: number, blue: number] }
    | { readonly rgba: Uint8ClampedArray<ArrayBuffer> }
    | { readonly image: HeldImage }
}

/**
 * Decodes all tiles of one update, whose bytes follow each other in `payload` and whose bounds are checked.
 * All or nothing: throws a `Refusal` (malformed) and holds no image then. Whoever gets the patches releases them.
 * @param room of the pixels; to be freed once the patches are drawn
 */
export async function decodeTiles(
  tiles: readonly Tile[],
  payload: Uint8Array,
  room: PixelRoom,
): Promise<Patch[]> {
  let from = 0
  const decoding = tiles.map((tile) => {
    const bytes = payload.subarray(from, from + tile.bytes)
    from += tile.bytes
    return decodeTile(tile, bytes, room)
  })
  const settled = await Promise.allSettled(decoding)
  const patches = settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
  const failed = settled.find((one) => one.status === 'rejected')
  if (!failed) return patches
  release(patches)
  throw failed.reason
}

export function release(patches: readonly Patch[]): void {
  for (const { paint } of patches) if ('image' in paint) paint.image.close()
}

async function decodeTile(tile: Tile, bytes: Uint8Array, room: PixelRoom): Promise<Patch> {
  const { x, y, width, height, coding } = tile
  switch (coding) {
    case 'solid':
      return { x, y, width, height, paint: { colour: [bytes[0]!, bytes[1]!, bytes[2]!] } }
    case 'palette': {
      const rgba = room.take(width * height)
      decodePalette(width, height, bytes, rgba)
      return { x, y, width, height, paint: { rgba } }
    }
    case 'rgb': {
      const rgba = room.take(width * height)
      decodeRgb(width, height, bytes, rgba)
      return { x, y, width, height, paint: { rgba } }
    }
    case 'webp':
    case 'jpeg':
      return { x, y, width, height, paint: { image: await decodeImage({ ...tile, coding }, bytes) } }
  }
}

function decodeRgb(width: number, height: number, bytes: Uint8Array, rgba: Uint8ClampedArray): void {
  const stride = width * 3
  const rgb = inflateExactly(bytes, stride * height)
  for (let at = stride; at < rgb.byteLength; at++) rgb[at] = rgb[at]! + rgb[at - stride]!

  for (let from = 0, to = 0; from < rgb.byteLength; from += 3, to += 4) {
    rgba[to] = rgb[from]!
    rgba[to + 1] = rgb[from + 1]!
    rgba[to + 2] = rgb[from + 2]!
    rgba[to + 3] = 255
  }
}
