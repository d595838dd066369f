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
  const rows = changedRows(band, shadow, band.place)
  if (!rows) return changed
  for (const cell of cutAtCells(rows, 1, 1)) {
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
  const rows = changedRows(band, shadow, cell)
  if (!rows) return undefined
  let left = cell.width
  let right = -1
  for (let y = rows.y; y < rows.y + rows.height; y++) {
    const a = inBand(band, cell.x, y)
    const b = y * shadow.width + cell.x
    for (let x = 0; x < left; x++) if (band.words[a + x] !== shadow.words[b + x]) left = x
    for (let x = cell.width - 1; x > right; x--) if (band.words[a + x] !== shadow.words[b + x]) right = x
  }
  return { x: cell.x + left, y: rows.y, width: right - left + 1, height: rows.height }
}

/** The rectangle without the rows at its top and bottom that are as before; nothing if all are. */
function changedRows(band: Band, shadow: Framebuffer, rect: Rect): Rect | undefined {
  const differs = (y: number) => {
    const from = inBand(band, rect.x, y) * 4
    const to = (y * shadow.width + rect.x) * 4
    const length = rect.width * 4
    return band.bytes.compare(shadow.bytes, to, to + length, from, from + length) !== 0
  }
  let top = rect.y
  let end = rect.y + rect.height
  while (top < end && !differs(top)) top++
  if (top === end) return undefined
  while (!differs(end - 1)) end--
  return { x: rect.x, y: top, width: rect.width, height: end - top }
}

/** Number of the band's word that holds this pixel. */
function inBand({ place }: Band, x: number, y: number): number {
  return (y - place.y) * place.width + x - place.x
}

function copyToShadow(band: Band, shadow: Framebuffer, box: Rect): void {
  for (let row = 0; row < box.height; row++) {
    const from = inBand(band, box.x, box.y + row)
    const to = (box.y + row) * shadow.width + box.x
    shadow.words.set(band.words.subarray(from, from + box.width), to)
  }
}
