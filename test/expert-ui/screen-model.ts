import { CELL } from '../../protocol/cells.ts'
import type { CellRun, Copy } from '../../protocol/messages/picture.ts'
import { cut, type Extras, type Place, type Rgb } from './reference-encoder.ts'

/** What an update says, done to plain arrays: written from the words of the protocol, not from the painter. */
export class ScreenModel {
  readonly screen: Rgb
  readonly #slots = new Map<number, { readonly size: string; readonly pixels: Uint8Array }>()

  constructor(screen: Rgb) {
    this.screen = { ...screen, pixels: screen.pixels.slice() }
  }

  apply({ copies = [], recalls = [], keeps = [] }: Extras, paint: () => void = () => {}): void {
    for (const copy of copies) this.#copy(copy)
    for (const run of keeps) {
      for (const { slot, place } of this.cells(run))
        this.#slots.set(slot, { size: sizeOf(place), pixels: cut(this.screen, place) })
    }
    for (const run of recalls) {
      for (const { slot, place } of this.cells(run)) this.#put(place, this.#slots.get(slot)!.pixels)
    }
    paint()
  }

  /** @param keeps of the same update: they are done first */
  canRecall(run: CellRun, keeps: readonly CellRun[]): boolean {
    const keptFirst = new Map(
      keeps.flatMap((one) => this.cells(one).map(({ slot, place }) => [slot, sizeOf(place)] as const)),
    )
    return this.cells(run).every(
      ({ slot, place }) => (keptFirst.get(slot) ?? this.#slots.get(slot)?.size) === sizeOf(place),
    )
  }

  cells({ x, y, cells, slot }: CellRun): { slot: number; place: Place }[] {
    return Array.from({ length: cells }, (_, at) => {
      const left = x + at * CELL
      const [width, height] = [
        Math.min(CELL, this.screen.width - left),
        Math.min(CELL, this.screen.height - y),
      ]
      return { slot: slot + at, place: { x: left, y, width, height } }
    })
  }

  #copy({ fromX, fromY, ...place }: Copy): void {
    this.#put(place, cut(this.screen, { ...place, x: fromX, y: fromY }))
  }

  #put({ x, y, width, height }: Place, pixels: Uint8Array): void {
    for (let row = 0; row < height; row++) {
      const from = row * width * 3
      this.screen.pixels.set(pixels.subarray(from, from + width * 3), ((y + row) * this.screen.width + x) * 3)
    }
  }
}

function sizeOf({ width, height }: Place): string {
  return `${width}x${height}`
}
