import type { StillsContent } from '../../protocol/messages/entry.ts'
import type { ScreenLayout } from '../../protocol/messages/picture.ts'
import { Coverage, type Rect } from './coverage.ts'

/** The largest screen that is put together, in pixels, as for the command line. A forged layout must not eat the memory. */
const MOST_PIXELS = 100_000_000
/** Longest side a canvas can have. */
const MOST_SIDE = 16_384

export interface StillPlace extends Rect {
  /** Where its image lies in the record's payload. */
  readonly offset: number
  readonly bytes: number
}

interface Stills {
  readonly entry: number
  /** The screen of this size began with record number `since` of the index. */
  readonly screen: { readonly layout: ScreenLayout; readonly since: number }
  stills: readonly StillPlace[]
  isWhole: boolean
}

/** What to draw, in this order, to get from a picture to another. */
export interface DrawPlan {
  readonly layout: ScreenLayout
  /** True where the canvas has to be black and of the layout's size first. */
  readonly fromNothing: boolean
  readonly steps: readonly { readonly entry: number; readonly stills: readonly StillPlace[] }[]
  /** False where something of this picture was damaged or did not belong. */
  readonly isWhole: boolean
}

/**
 * Where the stills of a recording lie. To show the screen at any time it walks backward from there and takes only what
 * nothing later covers: a picture costs what is on it, not what has happened before.
 */
export class StillIndex {
  readonly #records: Stills[] = []

  /** One record more, in the order of the recording. */
  add(entry: number, content: StillsContent, payloadBytes: number): void {
    const before = this.#records.at(-1)
    const screen = this.#screenOf(content.layout, before)
    if (!screen) return
    let offset = 0
    const stills = content.stills.map(({ bytes, ...rect }) => {
      const still = { ...rect, offset, bytes }
      offset += bytes
      return still
    })
    const { width, height } = screen.layout
    const misfit = stills.findIndex(
      (still) =>
        still.x + still.width > width ||
        still.y + still.height > height ||
        still.offset + still.bytes > payloadBytes,
    )
    const isWhole = misfit === -1 && offset === payloadBytes
    this.#records.push({ entry, screen, stills: misfit === -1 ? stills : stills.slice(0, misfit), isWhole })
  }

  /** This still cannot be decoded: neither it nor what follows in its record is drawn, as on the command line. */
  damaged(entry: number, offset: number): void {
    const record = this.#records[this.#numberOf(entry)]
    if (record?.entry !== entry) return
    record.stills = record.stills.filter((still) => still.offset < offset)
    record.isWhole = false
  }

  /**
   * How to show the screen as it was after `entry`; null where there was none yet.
   * @param shown the entry whose picture is on the canvas now, null where none is
   */
  plan(entry: number, shown: number | null): DrawPlan | null {
    const wanted = this.#numberOf(entry)
    const target = this.#records[wanted]
    if (!target) return null
    const { layout, since } = target.screen
    const held = shown === null ? -1 : this.#numberOf(shown)
    const goesOn = held >= since && held <= wanted
    const covered = new Coverage(layout.width, layout.height)
    const steps: DrawPlan['steps'][number][] = []
    let isWhole = true
    let number = wanted
    for (; number >= (goesOn ? held + 1 : since) && !covered.isWhole; number--) {
      const record = this.#records[number]!
      const seen: StillPlace[] = []
      for (const still of record.stills.toReversed()) {
        if (covered.isSeen(still)) seen.unshift(still)
        covered.take(still)
      }
      if (seen.length > 0) steps.unshift({ entry: record.entry, stills: seen })
      isWhole &&= record.isWhole
    }
    return { layout, fromNothing: !goesOn, steps, isWhole }
  }

  #screenOf(layout: ScreenLayout | undefined, before: Stills | undefined): Stills['screen'] | null {
    if (!layout) return before?.screen ?? null
    const { width, height } = layout
    if (width * height > MOST_PIXELS || Math.max(width, height) > MOST_SIDE) return null
    const isSameSize = before?.screen.layout.width === width && before.screen.layout.height === height
    return { layout, since: isSameSize ? before.screen.since : this.#records.length }
  }

  /** Of the last record at or before `entry`; -1 where there is none. */
  #numberOf(entry: number): number {
    let [low, high] = [0, this.#records.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#records[middle]!.entry <= entry) low = middle + 1
      else high = middle
    }
    return low - 1
  }
}
