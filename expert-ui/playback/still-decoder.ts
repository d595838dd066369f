import { imageSize } from '../picture/image-size.ts'
import type { StillPlace } from './still-index.ts'

/** One still's pixels. Rejects where the bytes are no WebP image of the size that the record says. */
export async function decodeStill(
  bytes: Uint8Array<ArrayBuffer>,
  { width, height }: StillPlace,
): Promise<ImageBitmap> {
  const size = imageSize('webp', bytes)
  if (size?.width !== width || size.height !== height) throw new RangeError('not an image of this size')
  const image = await createImageBitmap(new Blob([bytes], { type: 'image/webp' }), {
    colorSpaceConversion: 'none',
    premultiplyAlpha: 'none',
    imageOrientation: 'none',
  })
  if (image.width === width && image.height === height) return image
  image.close()
  throw new RangeError('not an image of this size')
}
