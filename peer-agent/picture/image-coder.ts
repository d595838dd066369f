import type { Rect } from '../desktop/port.ts'
import { MemoryPool } from './memory-pool.ts'
import type { Frame, Pixels } from './pixels.ts'

type Sharp = typeof import('sharp').default
type SharpImage = ReturnType<Sharp>

/** Measured on 1080p text: effort 0 makes half as many bytes again as 1 in a third to half of the time. */
const QUICK_WEBP = { lossless: true, effort: 0 }
/** Above 1 there are no fewer bytes. */
const SMALL_WEBP = { lossless: true, effort: 1 }
/** 36 to 40 dB on photographs and gradients; JPEG takes a third of the time and half as many bytes again. */
const COARSE_WEBP = { quality: 50, effort: 0 }
const COARSE_JPEG = { quality: 75 }
/** The recording of what moves: nobody needs each leaf of a tree, and it must stay small. */
const MOVING_WEBP = { quality: 45, effort: 1 }
/** On a line this fast JPEG's time counts for more than its bytes. */
const JPEG_BYTES_PER_SECOND = 2_500_000

/** Loaded with the first image, not before the first picture, which it would keep waiting. */
async function loadSharp(): Promise<Sharp> {
  const { default: sharp } = await import('sharp')
  // Each image on one thread, several images beside each other; and pictures never repeat.
  sharp.concurrency(1)
  sharp.cache(false)
  return sharp
}

const pool = new MemoryPool()

/** Takes the pixels before anything is awaited, since the frame may change, and codes them on another thread. */
async function code(
  pixels: Pixels,
  rect: Rect,
  frame: Frame,
  as: (image: SharpImage) => SharpImage,
): Promise<Uint8Array> {
  const { width, height } = rect
  const memory = pool.take(width * height * 3)
  const rgb = pixels.rgb(rect, frame, memory)
  try {
    const sharp = await loadSharp()
    return await as(sharp(rgb, { raw: { width, height, channels: 3 } })).toBuffer()
  } finally {
    pool.give(memory)
  }
}

/** Lossless WebP, quickly. */
export function codeWebp(pixels: Pixels, rect: Rect, frame: Frame): Promise<Uint8Array> {
  return code(pixels, rect, frame, (image) => image.webp(QUICK_WEBP))
}

/** Lossless WebP, as small as it gets, for what may take its time. */
export function codeSmallWebp(pixels: Pixels, rect: Rect, frame: Frame): Promise<Uint8Array> {
  return code(pixels, rect, frame, (image) => image.webp(SMALL_WEBP))
}

/** WebP with losses. */
export function codeMovingWebp(pixels: Pixels, rect: Rect, frame: Frame): Promise<Uint8Array> {
  return code(pixels, rect, frame, (image) => image.webp(MOVING_WEBP))
}

/** An image with losses that is seen soonest on a line of this rate. */
export async function codeCoarse(
  pixels: Pixels,
  rect: Rect,
  frame: Frame,
  bytesPerSecond: number,
): Promise<{ readonly coding: 'jpeg' | 'webp'; readonly bytes: Uint8Array }> {
  const coding = bytesPerSecond >= JPEG_BYTES_PER_SECOND ? 'jpeg' : 'webp'
  const bytes = await code(pixels, rect, frame, (image) =>
    coding === 'jpeg' ? image.jpeg(COARSE_JPEG) : image.webp(COARSE_WEBP),
  )
  return { coding, bytes }
}
