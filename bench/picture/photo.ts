import sharp from 'sharp'
import type { Random } from './random.ts'
import type { Bitmap } from './screen.ts'
import { bitmapOf } from './text.ts'

/** Something like a photograph: soft colours with detail of every size, as leaves or clouds have. */
export async function photo(width: number, height: number, random: Random): Promise<Bitmap> {
  const sum = new Float32Array(width * height * 3)
  for (let cells = 4, strength = 70; cells <= 256; cells *= 2, strength *= 0.62) {
    const rows = Math.max(2, Math.round((cells * height) / width))
    const noise = Buffer.from(Array.from({ length: cells * rows * 3 }, () => random.whole(0, 255)))
    const layer = await sharp(noise, { raw: { width: cells, height: rows, channels: 3 } })
      .resize(width, height, { fit: 'fill', kernel: 'cubic' })
      .raw()
      .toBuffer()
    for (let at = 0; at < sum.length; at++) sum[at]! += ((layer[at]! - 128) / 128) * strength
  }
  const rgb = Buffer.alloc(sum.length)
  for (let at = 0; at < sum.length; at++) rgb[at] = Math.max(0, Math.min(255, 120 + sum[at]!))
  return bitmapOf(rgb, width, height)
}
