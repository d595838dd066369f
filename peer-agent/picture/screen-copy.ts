import { CELL } from '../../protocol/cells.ts'
import type { CellRun, Copy } from '../../protocol/messages/picture.ts'
import type { Rect } from '../desktop/port.ts'
import { area } from '../desktop/rects.ts'
import { CellMarks } from './cell-marks.ts'
import { without } from './joined-boxes.ts'
import { type CellLook, KeptCells } from './kept-cells.ts'
import type { Frame, Pixels } from './pixels.ts'

/** Smaller regions are not searched for a picture that moved: coding them costs less. */
const LEAST_MOVED_PIXELS = 40_000
/** A cell that changed in this share is taken to show something else now. */
const WHOLE_SHARE = 0.5
/** Fewer such cells are no window that came or went. */
const LEAST_WHOLE_CELLS = 8

/** What the page is to keep, and what it shows again without any coding. */
export interface Reused {
  readonly keeps: CellRun[]
  readonly recalls: CellRun[]
}

/**
 * One screen as it is (`fresh`) and as the page shows it (`shown`), where that is not exact, and what the page keeps.
 * A page begins black, and so does `shown`: whatever is not black is a difference.
 */
export class ScreenCopy {
  readonly width: number
  readonly height: number
  readonly fresh: Frame
  readonly #pixels: Pixels
  readonly #shown: Frame
  /** Where `fresh` and `shown` may differ. */
  readonly #dirty: CellMarks
  /** Where the page shows a coarse picture or a film. */
  readonly inexact: CellMarks
  readonly #kept = new KeptCells()

  constructor(pixels: Pixels, width: number, height: number) {
    this.width = width
    this.height = height
    this.#pixels = pixels
    this.fresh = pixels.frame(width, height)
    this.#shown = pixels.frame(width, height)
    this.#dirty = new CellMarks(width, height)
    this.inexact = new CellMarks(width, height)
  }

  get hasMore(): boolean {
    return this.#dirty.size > 0
  }

  /** The page begins anew, black and with nothing kept. */
  restart(nowMs: number): void {
    this.#pixels.clear(this.#shown)
    this.inexact.clear()
    this.#kept.clear()
    this.#dirty.mark({ x: 0, y: 0, width: this.width, height: this.height }, nowMs)
  }

  /** These parts of `fresh` were read anew. */
  read(rects: readonly Rect[], nowMs: number): void {
    for (const rect of rects) this.#dirty.mark(rect, nowMs)
  }

  /** Finds what only moved within these parts, lets the page move it too, and says in which of them. */
  takeMoved(rects: readonly Rect[], nowMs: number): { copies: Copy[]; moved: Rect[] } {
    const copies: Copy[] = []
    const moved: Rect[] = []
    for (const rect of rects) {
      if (area(rect) < LEAST_MOVED_PIXELS) continue
      const shift = this.#pixels.findShift(rect, this.fresh, this.#shown)
      if (!shift) continue
      moved.push(rect)
      for (const to of this.#pixels.copiesOf(rect, shift, this.fresh, this.#shown)) {
        const from = { ...to, x: to.x - shift.dx, y: to.y - shift.dy }
        this.#pixels.move(to, shift, this.#shown)
        if (this.inexact.touches(from)) this.inexact.mark(to, nowMs)
        const { x, y, width, height } = to
        copies.push({ x, y, width, height, fromX: from.x, fromY: from.y })
      }
    }
    return { copies, moved }
  }

  /** What differs now, a box a cell, row by row. Each must then be `sent` or is `owed`. */
  takeDifferences(): Rect[] {
    const boxes = this.#dirty
      .cells()
      .flatMap((cell) => this.#pixels.changedBoxes(cell, this.fresh, this.#shown))
    this.#dirty.clear()
    return boxes
  }

  owed(rect: Rect, nowMs: number): void {
    this.#dirty.mark(rect, nowMs)
  }

  /**
   * Where a window came or went: has the page keep what it covered, and recall what it has seen before. Returns the
   * boxes that are left to be coded.
   */
  reuse(boxes: readonly Rect[], moving: Rect | undefined): { reused: Reused; left: Rect[] } {
    const isWhole = (box: Rect) => {
      const cell = this.#cellOf(box)
      return area(box) >= area(cell) * WHOLE_SHARE && (!moving || without(cell, moving).length > 0)
    }
    const whole = boxes.filter(isWhole)
    if (whole.length < LEAST_WHOLE_CELLS) return { reused: { keeps: [], recalls: [] }, left: [...boxes] }
    const cells = whole.map((box) => this.#cellOf(box))
    const exact = cells.filter((cell) => !this.inexact.touches(cell))
    const keeps = this.#kept.keep(exact.map((cell) => this.#lookOf(cell, this.#shown)))
    const known = new Set<string>()
    const found = cells
      .map((cell) => this.#lookOf(cell, this.fresh))
      .filter(({ x, y, look }) => this.#kept.has(look) && known.add(`${x},${y}`))
    const recalls = this.#kept.recall(found)
    for (const { x, y } of found) this.sent(this.#cellOf({ x, y, width: 1, height: 1 }), true, 0)
    return {
      reused: { keeps, recalls },
      left: boxes.filter((box) => {
        const { x, y } = this.#cellOf(box)
        return !known.has(`${x},${y}`)
      }),
    }
  }

  /** The page will show this part as `fresh` has it, exactly or not. */
  sent(rect: Rect, isExact: boolean, nowMs: number): void {
    this.#pixels.copy(rect, this.fresh, this.#shown)
    if (isExact) this.inexact.unmark(rect)
    else this.inexact.mark(rect, nowMs)
  }

  close(): void {
    this.#pixels.free(this.fresh)
    this.#pixels.free(this.#shown)
  }

  #cellOf({ x, y }: Rect): Rect {
    const left = Math.floor(x / CELL) * CELL
    const top = Math.floor(y / CELL) * CELL
    return {
      x: left,
      y: top,
      width: Math.min(CELL, this.width - left),
      height: Math.min(CELL, this.height - top),
    }
  }

  #lookOf(cell: Rect, frame: Frame): CellLook {
    return { x: cell.x, y: cell.y, look: this.#pixels.hash(cell, frame) }
  }
}
