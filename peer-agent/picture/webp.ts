import { setImmediate as breathe } from 'node:timers/promises'
import type { Rect } from '../desktop/port.ts'
import type { Framebuffer } from './framebuffer.ts'

type Sharp = typeof import('sharp').default

/** Measured on 1080p desktops: effort 0 makes 1.4 to 3 times the bytes in half the time; above 2 none fewer. */
const WEBP = { lossless: true, effort: 2 }
/** Conversion holds this thread; live updates come in between pieces of this many rows. */
const ROWS_AT_ONCE = 128

/** Loaded with the first record, not before the first picture, which it would keep waiting. */
async function loadSharp(): Promise<Sharp> {
  const { default: sharp } = await import('sharp')
  // One thread is enough for what may wait, and pictures never repeat.
  sharp.concurrency(1)
  sharp.cache(false)
  return sharp
}

/** Part of a picture as lossless WebP, coded on another thread. */
export async function codeWebp(rect: Rect, { words, width }: Framebuffer): Promise<Buffer> {
  const rgb = Buffer.allocUnsafe(rect.width * rect.height * 3)
  let at = 0
  for (let row = 0; row < rect.height; row++) {
    if (row % ROWS_AT_ONCE === ROWS_AT_ONCE - 1) await breathe()
    const start = (rect.y + row) * width + rect.x
    for (let i = start; i < start + rect.width; i++) {
      const colour = words[i]!
      rgb[at++] = colour >> 16
      rgb[at++] = colour >> 8
      rgb[at++] = colour
    }
  }
  const sharp = await loadSharp()
  const raw = { width: rect.width, height: rect.height, channels: 3 as const }
  return sharp(rgb, { raw }).webp(WEBP).toBuffer()
}
