import type { Tile } from '../../protocol/messages/picture.ts'
import { Refusal } from '../../protocol/refusals.ts'
import { type HeldImage, sizeOf } from './held-image.ts'
import { imageSize } from './image-size.ts'

/** Throws `Refusal('malformed')` where the bytes are no image of the tile's format and size. */
export async function decodeImage(
  tile: Tile & { coding: 'webp' | 'jpeg' },
  bytes: Uint8Array,
): Promise<HeldImage> {
  const size = imageSize(tile.coding, bytes)
  if (size?.width !== tile.width || size.height !== tile.height) throw new Refusal('malformed')
  const type = `image/${tile.coding}`
  const own = bytes as Uint8Array<ArrayBuffer>
  const image = await ('ImageDecoder' in globalThis ? byDecoder(own, type) : byBitmap(own, type)).catch(
    () => {
      throw new Refusal('malformed')
    },
  )
  const decoded = sizeOf(image)
  if (decoded.width === tile.width && decoded.height === tile.height) return image
  image.close()
  throw new Refusal('malformed')
}

/** Where there is one: it takes a third of the other's time for a small image. */
async function byDecoder(data: Uint8Array<ArrayBuffer>, type: string): Promise<HeldImage> {
  const decoder = new ImageDecoder({ data, type, colorSpaceConversion: 'none' })
  try {
    return (await decoder.decode()).image
  } finally {
    decoder.close()
  }
}

function byBitmap(data: Uint8Array<ArrayBuffer>, type: string): Promise<HeldImage> {
  return createImageBitmap(new Blob([data], { type }), {
    colorSpaceConversion: 'none',
    premultiplyAlpha: 'none',
    imageOrientation: 'none',
  })
}
