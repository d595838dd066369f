import type { Rect } from '../desktop/port.ts'
import { area } from '../desktop/rects.ts'
import { CELL, cutAtCells } from './framebuffer.ts'

/** Read in one go: a megabyte. While we compare it, the server copies the next. */
export const BAND_PIXELS = 256 * 1024
const BAND_CELLS = BAND_PIXELS / (CELL * CELL)
/** More is left for the next update: an 8K screen that does not compress would be too large for one. */
const MOST_PIXELS = 12_000_000

/** A rectangle still to be read; `all` when it is to be sent whether it changed or not. */
export interface Wanted {
  readonly rect: Rect
  readonly all: boolean
}

/** Bands end at the lines of the grid, so that no cell is compared in two halves. */
export function inBands(rect: Rect): Rect[] {
  const cellsAcross = Math.min(BAND_CELLS, Math.ceil(rect.width / CELL) + 1)
  return cutAtCells(rect, cellsAcross, Math.floor(BAND_CELLS / cellsAcross))
}

/** What one update has room for, and what the next must bring. */
export function split(wanted: readonly Wanted[]): { now: Wanted[]; later: Wanted[] } {
  const now: Wanted[] = []
  const later: Wanted[] = []
  let room = MOST_PIXELS
  for (const { rect, all } of wanted) {
    const rows = Math.floor(Math.max(0, room) / rect.width / CELL) * CELL
    const height = area(rect) <= room ? rect.height : rows
    if (height > 0) now.push({ rect: { ...rect, height }, all })
    if (height < rect.height) {
      later.push({ rect: { ...rect, y: rect.y + height, height: rect.height - height }, all })
    }
    room -= rect.width * height
  }
  return { now, later }
}
