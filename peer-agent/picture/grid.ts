import { CELL } from '../../protocol/cells.ts'
import type { Rect } from '../desktop/port.ts'

/** Cuts a rectangle at the lines of the cells' grid, into parts of at most so many cells each way. */
export function cutAtCells(rect: Rect, cellsAcross: number, cellsDown: number): Rect[] {
  const parts: Rect[] = []
  const right = rect.x + rect.width
  const bottom = rect.y + rect.height
  for (let y = rect.y; y < bottom; ) {
    const nextY = Math.min(bottom, (Math.floor(y / CELL) + cellsDown) * CELL)
    for (let x = rect.x; x < right; ) {
      const nextX = Math.min(right, (Math.floor(x / CELL) + cellsAcross) * CELL)
      parts.push({ x, y, width: nextX - x, height: nextY - y })
      x = nextX
    }
    y = nextY
  }
  return parts
}
