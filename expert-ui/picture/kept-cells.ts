import { CELL } from '../../protocol/cells.ts'
import type { CellRun, PictureUpdate } from '../../protocol/messages/picture.ts'
import { Refusal } from '../../protocol/refusals.ts'
import { openContext, type Surface } from './surface.ts'

/** The atlas grows in sheets of 8 MiB, which every browser has canvases for. */
const ACROSS = 32
const SHEET_CELLS = 512
const SHEET = { width: ACROSS * CELL, height: (SHEET_CELLS / ACROSS) * CELL }

interface Size {
  readonly width: number
  readonly height: number
}

/** Neighbours on the screen that are neighbours on one row of one sheet as well, and drawn at one go. */
interface Strip {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  readonly sheet: number
  readonly sheetX: number
  readonly sheetY: number
}

/** Cells of the screen that are kept to be shown again. What was not kept can't be shown. */
export class KeptCells {
  readonly #sheets = new Map<
    number,
    { canvas: OffscreenCanvas; context: OffscreenCanvasRenderingContext2D }
  >()
  /** By slot; a cell at the edge is smaller, and fits only where one of its size is wanted. */
  readonly #sizes = new Map<number, number>()

  forget(): void {
    this.#sheets.clear()
    this.#sizes.clear()
  }

  /**
   * Throws `Refusal('malformed')` where a slot to recall was never kept, by this update neither, or holds a cell of
   * another size. A new layout forgets what was kept before it.
   */
  check({ layout, keeps = [], recalls = [] }: PictureUpdate, screen: Size): void {
    const keptNow = new Map(keeps.flatMap((run) => sizesOf(run, screen)))
    for (const [slot, size] of recalls.flatMap((run) => sizesOf(run, screen))) {
      const kept = keptNow.get(slot) ?? (layout ? undefined : this.#sizes.get(slot))
      if (kept !== size) throw new Refusal('malformed')
    }
  }

  recall(run: CellRun, surface: Surface): void {
    for (const { x, y, width, height, sheet, sheetX, sheetY } of stripsOf(run, surface.canvas)) {
      surface.context.drawImage(this.#sheet(sheet).canvas, sheetX, sheetY, width, height, x, y, width, height)
    }
  }

  keep(run: CellRun, surface: Surface): void {
    for (const { x, y, width, height, sheet, sheetX, sheetY } of stripsOf(run, surface.canvas)) {
      this.#sheet(sheet).context.drawImage(surface.canvas, x, y, width, height, sheetX, sheetY, width, height)
    }
    for (const [slot, size] of sizesOf(run, surface.canvas)) this.#sizes.set(slot, size)
  }

  #sheet(number: number) {
    const known = this.#sheets.get(number)
    if (known) return known
    const canvas = new OffscreenCanvas(SHEET.width, SHEET.height)
    const opened = { canvas, context: openContext(canvas) }
    this.#sheets.set(number, opened)
    return opened
  }
}

/** Each slot of the run, with a number for the size of its cell. */
function sizesOf({ x, y, cells, slot }: CellRun, screen: Size): [slot: number, size: number][] {
  const height = Math.min(CELL, screen.height - y)
  return Array.from({ length: cells }, (_, at) => {
    const width = Math.min(CELL, screen.width - x - at * CELL)
    return [slot + at, width * (CELL + 1) + height]
  })
}

function stripsOf({ x, y, cells, slot }: CellRun, screen: Size): Strip[] {
  const strips: Strip[] = []
  for (let done = 0; done < cells; ) {
    const inSheet = (slot + done) % SHEET_CELLS
    const count = Math.min(cells - done, ACROSS - (inSheet % ACROSS))
    const left = x + done * CELL
    strips.push({
      x: left,
      y,
      width: Math.min(count * CELL, screen.width - left),
      height: Math.min(CELL, screen.height - y),
      sheet: Math.floor((slot + done) / SHEET_CELLS),
      sheetX: (inSheet % ACROSS) * CELL,
      sheetY: Math.floor(inSheet / ACROSS) * CELL,
    })
    done += count
  }
  return strips
}
