import type { Rect } from '../desktop/port.ts'
import { type Content, contentOf, type LineNow } from './coder-choice.ts'
import { cutAtCells } from './grid.ts'
import { joinBoxes } from './joined-boxes.ts'
import type { Frame, Pixels } from './pixels.ts'
import { type PlannedTile, planTile } from './tile-coder.ts'

/** In wide strips WebP finds again what it has seen; a photograph has nothing of that, and many are coded beside each other. */
const MOST_PHOTO_PIXELS = 512 * 128

export function lookAt(pixels: Pixels, rect: Rect, frame: Frame): Content {
  return contentOf(pixels.flatShare(rect, frame))
}

/**
 * How one rectangle of `frame` is to be coded, as one tile or several: where a photograph is beside text it is cut at
 * the cells between them, since each is coded best by itself.
 * @param allPixels of everything that waits with it
 */
export function planTiles(
  pixels: Pixels,
  rect: Rect,
  frame: Frame,
  line: LineNow,
  allPixels: number,
): PlannedTile[] {
  const plan = (part: Rect) => planTile(pixels, part, frame, line, { allPixels })
  const whole = plan(rect)
  if (whole.hasPalette) return [whole]
  const cells = cutAtCells(rect, 1, 1)
  const photo = cells.filter((cell) => lookAt(pixels, cell, frame) === 'photo')
  if (photo.length === 0) return [whole]
  const text = cells.filter((cell) => !photo.includes(cell))
  return [...joinBoxes(text, Number.MAX_SAFE_INTEGER), ...joinBoxes(photo, MOST_PHOTO_PIXELS)].map(plan)
}
