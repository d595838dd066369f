import type { Happening, What } from './happening.ts'

/** A place on the timeline: milliseconds since the recording began, as they passed. */
export type PosMs = number

export interface Timed<Told extends What = What> extends Omit<Happening, 'atMs' | 'what'> {
  readonly posMs: PosMs
  /** By the clock of the customer's device, ms since the epoch. */
  readonly atMs: number
  readonly what: Told
}
export type Still = Timed<Extract<What, { t: 'stills' }>>
export type TimedEvent = Timed<Exclude<What, { t: 'stills' }>>

/** Number of the last of these that is not after `posMs`; -1 where there is none. */
export function lastAtOrBefore(sorted: readonly { readonly posMs: PosMs }[], posMs: PosMs): number {
  let [low, high] = [0, sorted.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (sorted[middle]!.posMs <= posMs) low = middle + 1
    else high = middle
  }
  return low - 1
}
