import type { PicturePreference } from '../../protocol/messages/control-channel.ts'

/** What is known of the way to the expert when an update is made. */
export interface LineNow {
  readonly bytesPerSecond: number
  /** So many the update may have; what does not fit comes with the next. */
  readonly roomBytes: number
  readonly prefer: PicturePreference
}

/**
 * `quick`: palette or RGB with DEFLATE. `dense` and `small`: lossless WebP, as quick and as small as it gets. `coarse`:
 * an image with losses, repaired later.
 */
export type Coder = 'quick' | 'dense' | 'small' | 'coarse'

/** What a rectangle holds: flat colours with edges, as text and windows do, or many, as photographs do. */
export type Content = 'text' | 'photo'

/** From this share of pixels like their left neighbour on: text has 0.6 to 0.85, a photograph 0.1. */
const TEXT_FLAT_SHARE = 0.4

/** What a coder's cost depends on; `palette` is text of at most 256 colours. */
export type Kind = 'palette' | Content

/**
 * Measured on 1080p screens of text in four styles, windows and a photograph (bench/picture.md): bytes and nanoseconds
 * a pixel. Text takes a coder with losses more bytes than one without.
 */
const COSTS = {
  palette: { quick: { bytes: 0.14, ns: 6 }, dense: { bytes: 0.11, ns: 50 }, small: { bytes: 0.08, ns: 110 } },
  text: { quick: { bytes: 0.3, ns: 10 }, dense: { bytes: 0.13, ns: 50 }, small: { bytes: 0.09, ns: 110 } },
  photo: {
    quick: { bytes: 1, ns: 25 },
    dense: { bytes: 0.75, ns: 160 },
    small: { bytes: 0.5, ns: 480 },
    coarse: { bytes: 0.12, ns: 15 },
  },
} as const
const EXACT_CODERS = ['quick', 'dense', 'small'] as const
/** What one WebP costs beyond its pixels. */
const WEBP_START_MS = 1.5
/** Tiles that are coded beside each other on an ordinary machine, and from how many on that counts. */
const CODERS = 2
const MANY = 4
/** Longer than this for an exact picture, and a coarse one goes before it. */
const MOST_EXACT_MS = { sharp: 100, smooth: 50 } as const

export function contentOf(flatShare: number): Content {
  return flatShare >= TEXT_FLAT_SHARE ? 'text' : 'photo'
}

/**
 * How to code a rectangle so that it is seen soonest.
 * @param pixels of this rectangle
 * @param allPixels of everything of this kind that waits with it
 */
export function chooseCoder(kind: Kind, pixels: number, allPixels: number, line: LineNow): Coder {
  const isOneOfMany = allPixels > MANY * pixels
  const times = EXACT_CODERS.map((coder) => {
    const cost = COSTS[kind][coder]
    const codingMs = (pixels * cost.ns) / 1e6 + (coder === 'quick' ? 0 : WEBP_START_MS)
    return { coder, ms: takesMs(onLineMs(cost.bytes, pixels, line), codingMs, isOneOfMany) }
  })
  const { coder } = times.reduce((best, next) => (next.ms < best.ms ? next : best))
  if (kind !== 'photo') return coder
  return onLineMs(COSTS.photo[coder].bytes, allPixels, line) > MOST_EXACT_MS[line.prefer] ? 'coarse' : coder
}

/** Largest rectangle coded as one, so that it fits what may be on its way at once. */
export function mostPixelsOfTile(line: LineNow): number {
  return Math.max(LEAST_TILE_PIXELS, Math.min(MOST_TILE_PIXELS, line.roomBytes / 2 / COSTS.text.small.bytes))
}

const LEAST_TILE_PIXELS = 64 * 64
/** Wide strips: WebP finds again what it has seen in the same strip, and takes a third less for text. */
const MOST_TILE_PIXELS = 2048 * 128

function onLineMs(bytesPerPixel: number, pixels: number, { bytesPerSecond }: LineNow): number {
  return ((pixels * bytesPerPixel) / bytesPerSecond) * 1000
}

/** One after the other for a tile by itself; with many, some are coded while those before are on the line. */
function takesMs(lineMs: number, codingMs: number, isOneOfMany: boolean): number {
  return isOneOfMany ? Math.max(lineMs, codingMs / CODERS) : lineMs + codingMs
}
