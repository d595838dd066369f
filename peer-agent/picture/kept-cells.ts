import { CELL, KEPT_CELLS } from '../../protocol/cells.ts'
import type { CellRun } from '../../protocol/messages/picture.ts'

/** The corner of a cell, and what it shows as `Pixels.hash` tells it. */
export interface CellLook {
  readonly x: number
  readonly y: number
  readonly look: string
}

/**
 * What the page keeps, as far as the agent knows: looks of cells that were covered, in a ring of slots. The oldest goes
 * first, so that cells that were covered together stand beside each other and come back as one run.
 */
export class KeptCells {
  readonly #slotOf = new Map<string, number>()
  readonly #lookIn: (string | undefined)[] = []
  #next = 0

  has(look: string): boolean {
    return this.#slotOf.has(look)
  }

  /** Keeps those that are not kept yet. Returns what the page must be told, row by row. */
  keep(cells: readonly CellLook[]): CellRun[] {
    const runs: CellRun[] = []
    for (const { x, y, look } of cells) {
      if (this.#slotOf.has(look)) continue
      const slot = this.#next
      this.#next = (slot + 1) % KEPT_CELLS
      const displaced = this.#lookIn[slot]
      if (displaced !== undefined) this.#slotOf.delete(displaced)
      this.#lookIn[slot] = look
      this.#slotOf.set(look, slot)
      addToRuns(runs, x, y, slot)
    }
    return runs
  }

  /** The runs that show these again; each of them must be kept. */
  recall(cells: readonly CellLook[]): CellRun[] {
    const runs: CellRun[] = []
    for (const { x, y, look } of cells) addToRuns(runs, x, y, this.#slotOf.get(look)!)
    return runs
  }

  clear(): void {
    this.#slotOf.clear()
    this.#lookIn.length = 0
    this.#next = 0
  }
}

function addToRuns(runs: CellRun[], x: number, y: number, slot: number): void {
  const last = runs.at(-1)
  const isNext = last && last.y === y && x === last.x + last.cells * CELL && slot === last.slot + last.cells
  if (isNext) runs[runs.length - 1] = { ...last, cells: last.cells + 1 }
  else runs.push({ x, y, cells: 1, slot })
}
