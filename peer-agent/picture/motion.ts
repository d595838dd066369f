import { CELL } from '../../protocol/cells.ts'
import type { Rect } from '../desktop/port.ts'
import { area, boundingBox } from '../desktop/rects.ts'
import { isInside } from './cell-marks.ts'
import { overlaps } from './joined-boxes.ts'

/** A change counts half as much after this time. */
const HALF_LIFE_MS = 400
const HEAT_PER_RATE = HALF_LIFE_MS / 1000 / Math.LN2
/** From this many changes a second a cell moves; below `LEAVE` it rests again. What is between stays as it is. */
const ENTER_PER_SECOND = 8
const LEAVE_PER_SECOND = 2.5
/** Where a slow line allows few captures, a cell moves that changes in most of them. */
const ENTER_SHARE = 0.6
const ENTER_LEAST_HEAT = 2
/** More columns of cells than any screen has. */
const COLUMNS = 4096
/** Less of a cell is a blinking cursor, a spinner or a clock. */
const LEAST_SHARE_OF_CELL = 1 / 16
/** Fewer cells are cheap to send as they are. */
const LEAST_CELLS = 9
/** A region that is mostly at rest is not one. */
const LEAST_FILL = 0.5
/** A region stays where it is until what moves leaves it or, after this time, has become this much smaller. */
const SHRINK = 0.9
const STAYS_MS = 2_000
/** So long without any change in it, and the region rests. */
export const REST_MS = 200

/** A cell as cold as this is as good as new. */
const FORGOTTEN_HEAT = 0.3
/** A cell moves only after it has changed for this long: a window that opens in steps does not. */
const ENTER_AFTER_MS = 250
/** What changed in a cell is remembered for one to two of these. */
const BOX_MEMORY_MS = 500

interface Cell {
  heat: number
  atMs: number
  readonly sinceMs: number
  isMoving: boolean
  /** Where it changed lately, and before that. */
  box: Rect
  earlierBox: Rect
  boxSinceMs: number
}

/**
 * Tells which region of the screen is in motion, from where and when it changed. What changes seldom, little or in few
 * places is none: typing, blinking, spinners. What scrolled must not be told here: only what was left beside the copies.
 * Pure: time comes in as a value.
 */
export class Motion {
  readonly #cells = new Map<number, Cell>()
  #captures = { heat: 0, atMs: 0 }
  #region: Rect | undefined
  #regionSinceMs = 0
  #lastChangeMs = Number.NEGATIVE_INFINITY

  /** @param boxes what changed in one capture, one a cell at most as `Pixels.changedBoxes` gives them */
  changed(boxes: readonly Rect[], nowMs: number): void {
    this.#captures.heat = decayed(this.#captures, nowMs) + 1
    this.#captures.atMs = nowMs
    for (const box of boxes) {
      if (this.#region && overlaps(box, this.#region)) this.#lastChangeMs = nowMs
      const key = Math.floor(box.y / CELL) * COLUMNS + Math.floor(box.x / CELL)
      const cell = this.#cells.get(key) ?? newCell(box, nowMs)
      if (nowMs - cell.boxSinceMs > BOX_MEMORY_MS) {
        cell.earlierBox = cell.box
        cell.box = box
        cell.boxSinceMs = nowMs
      } else cell.box = boundingBox(cell.box, box)
      cell.heat = decayed(cell, nowMs) + 1
      cell.atMs = nowMs
      this.#cells.set(key, cell)
    }
  }

  /** The largest region in motion now, as everything that moved in it; the same as before as long as it still fits. */
  region(nowMs: number): Rect | undefined {
    const found = this.#largest(nowMs)
    const before = this.#region
    if (before && nowMs - this.#lastChangeMs > REST_MS) this.clear()
    else if (!before || !found || !isInside(found, before) || this.#shrank(found, before, nowMs)) {
      this.#region = found
      this.#lastChangeMs = nowMs
      this.#regionSinceMs = nowMs
    }
    return this.#region
  }

  /** Whether any of this rectangle is in the region in motion. */
  readonly isIn = (rect: Rect): boolean => this.#region !== undefined && overlaps(rect, this.#region)

  #shrank(found: Rect, before: Rect, nowMs: number): boolean {
    return nowMs - this.#regionSinceMs > STAYS_MS && area(found) < SHRINK * area(before)
  }

  /** What moved until now does so no longer. */
  clear(): void {
    this.#cells.clear()
    this.#region = undefined
  }

  #largest(nowMs: number): Rect | undefined {
    const captureHeat = decayed(this.#captures, nowMs)
    const enter = Math.max(
      ENTER_LEAST_HEAT,
      Math.min(ENTER_PER_SECOND * HEAT_PER_RATE, ENTER_SHARE * captureHeat),
    )
    const leave = Math.min(enter / 2, LEAVE_PER_SECOND * HEAT_PER_RATE)
    const moving = new Map<number, Cell>()
    for (const [key, cell] of this.#cells) {
      const heat = decayed(cell, nowMs)
      cell.isMoving = heat >= (cell.isMoving ? leave : enter) && nowMs - cell.sinceMs >= ENTER_AFTER_MS
      if (cell.isMoving) moving.set(key, cell)
      else if (heat < FORGOTTEN_HEAT) this.#cells.delete(key)
    }
    return regionsOf(moving).sort((a, b) => area(b) - area(a))[0]
  }
}

/** Groups of neighbouring cells that are large and full enough. */
function regionsOf(moving: Map<number, Cell>): Rect[] {
  const left = new Map([...moving].filter(([, cell]) => isLarge(cell)))
  const regions: Rect[] = []
  for (let first = left.keys().next(); !first.done; first = left.keys().next()) {
    const keys = takeGroup(first.value, left)
    // The video's edge may touch a neighbouring cell by a few rows only.
    const fringe = keys.flatMap((key) => neighbours(key, 1)).filter((key) => moving.has(key))
    const cells = [...new Set([...keys, ...fringe])].map((key) => moving.get(key)!)
    const box = cells.map(boxOf).reduce(boundingBox)
    const covered = cells.reduce((sum, cell) => sum + area(boxOf(cell)), 0)
    if (keys.length >= LEAST_CELLS && covered >= LEAST_FILL * area(box)) regions.push(box)
  }
  return regions
}

/** The cell of this key and everything connected to it, over gaps of one cell. */
function takeGroup(first: number, left: Map<number, Cell>): number[] {
  const group: number[] = []
  const keys = [first]
  for (let key = keys.pop(); key !== undefined; key = keys.pop()) {
    if (!left.delete(key)) continue
    group.push(key)
    keys.push(...neighbours(key, 2))
  }
  return group
}

function neighbours(key: number, distance: number): number[] {
  const keys: number[] = []
  for (let row = -distance; row <= distance; row++)
    for (let column = -distance; column <= distance; column++) keys.push(key + row * COLUMNS + column)
  return keys
}

function newCell(box: Rect, nowMs: number): Cell {
  const boxes = { box, earlierBox: box, boxSinceMs: nowMs }
  return { heat: 0, atMs: nowMs, sinceMs: nowMs, isMoving: false, ...boxes }
}

function boxOf({ box, earlierBox }: Cell): Rect {
  return boundingBox(box, earlierBox)
}

function isLarge(cell: Cell): boolean {
  return area(boxOf(cell)) >= CELL * CELL * LEAST_SHARE_OF_CELL
}

function decayed({ heat, atMs }: { heat: number; atMs: number }, nowMs: number): number {
  return heat * 2 ** ((atMs - nowMs) / HALF_LIFE_MS)
}
