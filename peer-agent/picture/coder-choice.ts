import type { PicturePreference } from '../../protocol/messages/control-channel.ts'

/** What is known of the way to the expert when an update is made. */
export interface LineNow {
  readonly bytesPerSecond: number
  /** So many the update may have; what does not fit comes with the next. */
  readonly roomBytes: number
  readonly prefer: PicturePreference
}

/** `quick`: palette or RGB with DEFLATE. `dense`: lossless WebP. `coarse`: an image with losses, repaired later. */
export type Coder = 'quick' | 'dense' | 'coarse'

/** What a rectangle holds: few colours, as text and windows do, or many, as photographs do. */
export type Content = 'text' | 'photo'

/**
 * Measured on 1080p screens of text, terminals, windows over a gradient (bench/picture.md): bytes and nanoseconds a
 * pixel. Text takes WebP half the bytes of DEFLATE and less than any coder with losses.
 */
const COSTS = {
  text: { quick: { bytes: 0.15, ns: 8 }, dense: { bytes: 0.07, ns: 40 } },
  photo: { quick: { bytes: 1.2, ns: 15 }, dense: { bytes: 0.7, ns: 90 }, coarse: { bytes: 0.12, ns: 15 } },
} as const
/** What one WebP costs beyond its pixels. */
const DENSE_START_MS = 1.5
/** Tiles that are coded beside each other on an ordinary machine, and from how many on that counts. */
const CODERS = 2
const MANY = 4
/** Longer than this for an exact picture, and a coarse one goes before it. */
const MOST_EXACT_MS = { sharp: 100, smooth: 50 } as const

/**
 * How to code a rectangle so that it is seen soonest.
 * @param pixels of this rectangle
 * @param allPixels of everything of this kind that waits with it
 */
export function chooseCoder(content: Content, pixels: number, allPixels: number, line: LineNow): Coder {
  const { quick, dense } = COSTS[content]
  const quickCost = { onLineMs: onLineMs(quick, pixels, line), codingMs: (pixels * quick.ns) / 1e6 }
  const denseCost = {
    onLineMs: onLineMs(dense, pixels, line),
    codingMs: (pixels * dense.ns) / 1e6 + DENSE_START_MS,
  }
  const isOneOfMany = allPixels > MANY * pixels
  const exact = takesMs(quickCost, isOneOfMany) <= takesMs(denseCost, isOneOfMany) ? 'quick' : 'dense'
  if (content === 'text') return exact
  const allOnLineMs = onLineMs(COSTS.photo[exact], allPixels, line)
  return allOnLineMs > MOST_EXACT_MS[line.prefer] ? 'coarse' : exact
}

/** Largest rectangle coded as one, so that it fits what may be on its way at once. */
export function mostPixelsOfTile(line: LineNow): number {
  return Math.max(LEAST_TILE_PIXELS, Math.min(MOST_TILE_PIXELS, line.roomBytes / 2 / COSTS.text.dense.bytes))
}

const LEAST_TILE_PIXELS = 64 * 64
/** Wide strips: WebP finds again what it has seen in the same strip, and takes a third less for text. */
const MOST_TILE_PIXELS = 2048 * 128

function onLineMs({ bytes }: { bytes: number }, pixels: number, { bytesPerSecond }: LineNow): number {
  return ((pixels * bytes) / bytesPerSecond) * 1000
}

/** One after the other for a tile by itself; with many, some are coded while those before are on the line. */
function takesMs(cost: { onLineMs: number; codingMs: number }, isOneOfMany: boolean): number {
  return isOneOfMany ? Math.max(cost.onLineMs, cost.codingMs / CODERS) : cost.onLineMs + cost.codingMs
}
