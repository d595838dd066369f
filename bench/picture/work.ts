import type { Random } from './random.ts'
import type { Place, Screen } from './screen.ts'

/** Kinds of work that a help-desk screen shows. `keys` changes only when a key arrives. */
export const KINDS = ['idle', 'typing', 'scroll', 'film', 'fullscreen', 'dialog', 'keys'] as const
export type Kind = (typeof KINDS)[number]

/** One kind of work, made ready. */
export interface Work {
  /** Where the barcode of each change appears. */
  readonly barcode: { readonly x: number; readonly y: number }
  /** From one change to the next; null where keys make the changes. */
  readonly everyMs: number | null
  /** By how much the time of a change may be off, so that changes don't fall in step with the page's frames. */
  readonly jitterMs: number
  /** What is seen before the first change. */
  begin(): void
  /** Draws the change with this number, without its barcode. */
  step(number: number): void
  /** A small change a moment after the last step: does it wait behind what came before? */
  after?(): void
  /** What the next pictures will show at these places, where how soon they can be read is asked. */
  readonly strips?: Strips
}

export interface Strips {
  readonly places: readonly Place[]
  /** For each change from the first on: RGB of all places, one after the other. */
  readonly rgb: readonly Buffer[]
}

export type PrepareWork = (screen: Screen, random: Random, seconds: number) => Promise<Work>
