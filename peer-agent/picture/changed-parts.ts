import type { Rect } from '../desktop/port.ts'
import { area, boundingBox } from '../desktop/rects.ts'
import { CELL, cutAtCells, type Framebuffer } from './framebuffer.ts'

/** Pixels just read, rows of `place.width`. */
export interface Band {
  readonly place: Rect
  readonly bytes: Buffer
  readonly words: Uint32Array
}

/** Widest rectangle that is coded as one: beyond it the colours get too many for a palette. */
const MOST_CELLS_ACROSS = 8
/** So many unchanged pixels may be coded again to save one rectangle its head. */
const WASTE_PIXELS = 2048

/**
 * Finds what of the band differs from the shadow, and makes the shadow equal to it. Damage is often reported where
 * nothing changed, e.g. when a window repaints itself; what is found here is exact to the pixel in each cell.
 */
export function takeChanges(band: Band, shadow: Framebuffer): Rect[] {
  const changed: Rect[] = []
  for (const cell of cutAtCells(band.place, 1, 1)) {
    const box = changedBox(band, shadow, cell)
    if (!box) continue
    copyToShadow(band, shadow, box)
    const last = changed.at(-1)
    const both = last && boundingBox(last, box)
    if (both && sameRow(last, cell) && isWorthJoining(last, box, both)) changed[changed.length - 1] = both
    else changed.push(box)
  }
  return changed
}

/** All of the band, whether it changed or not, in rectangles of the same size as `takeChanges` makes. */
export function takeAll(band: Band, shadow: Framebuffer): Rect[] {
  const parts = cutAtCells(band.place, MOST_CELLS_ACROSS, 1)
  for (const part of parts) copyToShadow(band, shadow, part)
  return parts
}

function sameRow(last: Rect, cell: Rect): boolean {
  return last.y >= cell.y && last.y < cell.y + cell.height
}

function isWorthJoining(a: Rect, b: Rect, both: Rect): boolean {
  return both.width <= MOST_CELLS_ACROSS * CELL && area(both) - area(a) - area(b) <= WASTE_PIXELS
}

/** The smallest box around the pixels of one cell that differ, if any do. */
function changedBox(band: Band, shadow: Framebuffer, cell: Rect): Rect | undefined {
  const bandRow = band.place.width
  const bandStart = (cell.y - band.place.y) * bandRow + cell.x - band.place.x
  const shadowStart = cell.y * shadow.width + cell.x
  const differs = (row: number) => {
    const from = (bandStart + row * bandRow) * 4
    const to = (shadowStart + row * shadow.width) * 4
    const length = cell.width * 4
    return band.bytes.compare(shadow.bytes, to, to + length, from, from + length) !== 0
  }
  let top = 0
  while (top < cell.height && !differs(top)) top++
  if (top === cell.height) return undefined
  let bottom = cell.height - 1
  while (bottom > top && !differs(bottom)) bottom--
  let left = cell.width
  let right = -1
  for (let row = top; row <= bottom; row++) {
    const a = bandStart + row * bandRow
    const b = shadowStart + row * shadow.width
    for (let x = 0; x < left; x++) if (band.words[a + x] !== shadow.words[b + x]) left = x
    for (let x = cell.width - 1; x > right; x--) if (band.words[a + x] !== shadow.words[b + x]) right = x
  }
  return { x: cell.x + left, y: cell.y + top, width: right - left + 1, height: bottom - top + 1 }
}

function copyToShadow(band: Band, shadow: Framebuffer, box: Rect): void {
  for (let row = 0; row < box.height; row++) {
    const from = (box.y - band.place.y + row) * band.place.width + box.x - band.place.x
    const to = (box.y + row) * shadow.width + box.x
    shadow.words.set(band.words.subarray(from, from + box.width), to)
  }
}
