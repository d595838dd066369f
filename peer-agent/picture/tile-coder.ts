import { promisify } from 'node:util'
import { deflateRaw, deflateRawSync } from 'node:zlib'
import type { Tile } from '../../protocol/messages/picture.ts'
import type { Rect } from '../desktop/port.ts'
import { area } from '../desktop/rects.ts'
import { type Coder, type Content, chooseCoder, contentOf, type LineNow } from './coder-choice.ts'
import { codeCoarse, codeSmallWebp, codeWebp } from './image-coder.ts'
import { MemoryPool } from './memory-pool.ts'
import type { Frame, Pixels } from './pixels.ts'

export interface CodedTile {
  readonly tile: Tile
  readonly bytes: Uint8Array
  readonly isExact: boolean
}

/** A rectangle that was looked at and can be coded; `coder` is what the line at hand calls for. */
export interface PlannedTile {
  readonly rect: Rect
  readonly content: Content
  readonly coder: Coder
  /** It has at most 256 colours. */
  readonly hasPalette: boolean
  /** Takes the pixels at once, so that the frame may change; compresses off this thread. */
  code(): Promise<CodedTile>
}

/** Below this the way to another thread and back takes longer than the work. */
const SMALL_BYTES = 6 * 1024
/** Measured on a 1080p desktop of terminals: level 6 makes 15 % fewer bytes in nearly twice the time. */
const DEFLATE = { level: 1 }

/** Count and 256 colours. */
const MOST_HEAD_BYTES = 1 + 256 * 3

const pool = new MemoryPool()
const deflate = promisify<Buffer | Uint8Array, { level: number }, Buffer>(deflateRaw)

/**
 * Looks at one rectangle and decides how to code it, as `protocol/messages/picture.ts` says.
 * @param allPixels of everything that waits for this update
 * @param isExactWanted no coarse picture goes before the exact one: this repairs one
 */
export function planTile(
  pixels: Pixels,
  rect: Rect,
  frame: Frame,
  line: LineNow,
  { allPixels, isExactWanted = false }: { readonly allPixels: number; readonly isExactWanted?: boolean },
): PlannedTile {
  const memory = pool.take(MOST_HEAD_BYTES + area(rect) * 3)
  const palette = pixels.packPalette(rect, frame, memory)
  const content = palette ? 'text' : contentOf(pixels.flatShare(rect, frame))
  const { x, y, width, height } = rect
  const place = { x, y, width, height }
  if (palette?.colours === 1) {
    const colour = palette.packed.slice(1, 4)
    pool.give(memory)
    return {
      rect,
      content,
      coder: 'quick',
      hasPalette: true,
      code: async () => coded(place, 'solid', colour, true),
    }
  }
  const coder = chooseCoder(palette ? 'palette' : content, area(rect), isExactWanted ? 0 : allPixels, line)
  if (coder !== 'quick') pool.give(memory)
  async function code(): Promise<CodedTile> {
    if (coder === 'coarse') {
      const { coding, bytes } = await codeCoarse(pixels, rect, frame, line.bytesPerSecond)
      return coded(place, coding, bytes, false)
    }
    if (coder === 'dense') return coded(place, 'webp', await codeWebp(pixels, rect, frame), true)
    if (coder === 'small') return coded(place, 'webp', await codeSmallWebp(pixels, rect, frame), true)
    const packed = palette?.packed ?? pixels.packRgb(rect, frame, memory)
    try {
      const bytes =
        packed.length <= SMALL_BYTES ? deflateRawSync(packed, DEFLATE) : await deflate(packed, DEFLATE)
      return coded(place, palette ? 'palette' : 'rgb', bytes, true)
    } finally {
      pool.give(memory)
    }
  }
  return { rect, content, coder, hasPalette: palette !== undefined, code }
}

function coded(place: Rect, coding: Tile['coding'], bytes: Uint8Array, isExact: boolean): CodedTile {
  return { tile: { ...place, coding, bytes: bytes.length }, bytes, isExact }
}
