import { CELL } from '../../protocol/cells.ts'
import type { Rect } from '../desktop/port.ts'
import { area, boundingBox } from '../desktop/rects.ts'

/** So many unchanged pixels may be coded again to save one rectangle its head. */
const WASTE_PIXELS = 2048
const MOST_WIDTH = 2048
const MOST_HEIGHT = 128

/**
 * Joins boxes, which are given row by row, into rectangles of at most `mostPixels` where that wastes little: first
 * those beside each other, then rows of the same width.
 */
export function joinBoxes(boxes: readonly Rect[], mostPixels: number): Rect[] {
  const rows: Rect[] = []
  for (const box of boxes) {
    const last = rows.at(-1)
    if (last && isBeside(last, box) && isWorthJoining(last, box, mostPixels)) {
      rows[rows.length - 1] = boundingBox(last, box)
    } else rows.push(box)
  }
  const joined: Rect[] = []
  /** The rectangles whose lower edge a next row could join, by their left edge. */
  let open = new Map<number, number>()
  let next = new Map<number, number>()
  let rowY = -1
  for (const row of rows) {
    if (row.y >= rowY + CELL || rowY < 0) {
      open = next
      next = new Map()
      rowY = Math.floor(row.y / CELL) * CELL
    }
    const above = open.get(columnOf(row))
    const upper = above === undefined ? undefined : joined[above]
    if (upper && above !== undefined && isWorthJoining(upper, row, mostPixels)) {
      joined[above] = boundingBox(upper, row)
      next.set(columnOf(row), above)
    } else {
      next.set(columnOf(row), joined.length)
      joined.push(row)
    }
  }
  return joined
}

function columnOf({ x }: Rect): number {
  return Math.floor(x / CELL)
}

function isBeside(left: Rect, right: Rect): boolean {
  return Math.floor(left.y / CELL) === Math.floor(right.y / CELL)
}

function isWorthJoining(a: Rect, b: Rect, mostPixels: number): boolean {
  const both = boundingBox(a, b)
  const isSmallEnough =
    both.width <= MOST_WIDTH && both.height <= MOST_HEIGHT && area(both) <= Math.max(mostPixels, area(a))
  return isSmallEnough && area(both) - area(a) - area(b) <= WASTE_PIXELS
}

/** What of `rect` lies outside `hole`: up to four rectangles. */
export function without(rect: Rect, hole: Rect): Rect[] {
  const left = Math.max(rect.x, hole.x)
  const top = Math.max(rect.y, hole.y)
  const right = Math.min(rect.x + rect.width, hole.x + hole.width)
  const bottom = Math.min(rect.y + rect.height, hole.y + hole.height)
  if (left >= right || top >= bottom) return [rect]
  return [
    { x: rect.x, y: rect.y, width: rect.width, height: top - rect.y },
    { x: rect.x, y: top, width: left - rect.x, height: bottom - top },
    { x: right, y: top, width: rect.x + rect.width - right, height: bottom - top },
    { x: rect.x, y: bottom, width: rect.width, height: rect.y + rect.height - bottom },
  ].filter(({ width, height }) => width > 0 && height > 0)
}

export function overlaps(a: Rect, b: Rect): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height
}
