import { CELL } from '../../protocol/cells.ts'
import type { Rect } from '../desktop/port.ts'

/** A mark, with the time it was made, on some of the cells of a screen's grid. */
export class CellMarks {
  readonly #width: number
  readonly #height: number
  readonly #across: number
  readonly #markedAtMs = new Map<number, number>()

  constructor(width: number, height: number) {
    this.#width = width
    this.#height = height
    this.#across = Math.ceil(width / CELL)
  }

  get size(): number {
    return this.#markedAtMs.size
  }

  /** When the mark was made that has stood longest. */
  get oldestMs(): number | undefined {
    let oldest: number | undefined
    for (const atMs of this.#markedAtMs.values()) if (oldest === undefined || atMs < oldest) oldest = atMs
    return oldest
  }

  /** Marks every cell that the rectangle touches, anew where it had a mark. */
  mark(rect: Rect, nowMs: number): void {
    for (const cell of this.#touched(rect)) this.#markedAtMs.set(cell, nowMs)
  }

  /** Takes the mark from those cells that lie wholly inside. */
  unmark(rect: Rect): void {
    for (const cell of this.#touched(rect))
      if (isInside(this.#rectOf(cell), rect)) this.#markedAtMs.delete(cell)
  }

  touches(rect: Rect): boolean {
    if (this.#markedAtMs.size === 0) return false
    return this.#touched(rect).some((cell) => this.#markedAtMs.has(cell))
  }

  clear(): void {
    this.#markedAtMs.clear()
  }

  /** The cells whose mark was made at that time or before, row by row. */
  cells(untilMs = Number.POSITIVE_INFINITY): Rect[] {
    return [...this.#markedAtMs]
      .filter(([, atMs]) => atMs <= untilMs)
      .map(([cell]) => cell)
      .sort((a, b) => a - b)
      .map((cell) => this.#rectOf(cell))
  }

  #touched({ x, y, width, height }: Rect): number[] {
    const cells: number[] = []
    for (let row = Math.floor(y / CELL); row * CELL < y + height; row++) {
      for (let column = Math.floor(x / CELL); column * CELL < x + width; column++) {
        cells.push(row * this.#across + column)
      }
    }
    return cells
  }

  #rectOf(cell: number): Rect {
    const x = (cell % this.#across) * CELL
    const y = Math.floor(cell / this.#across) * CELL
    return { x, y, width: Math.min(CELL, this.#width - x), height: Math.min(CELL, this.#height - y) }
  }
}

export function isInside(inner: Rect, outer: Rect): boolean {
  return (
    inner.x >= outer.x &&
    inner.y >= outer.y &&
    inner.x + inner.width <= outer.x + outer.width &&
    inner.y + inner.height <= outer.y + outer.height
  )
}
