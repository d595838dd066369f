import { type Bands, bandsOf } from './bands.ts'
import { type FeedItem, feedOf } from './feed.ts'
import type { Happening, Place } from './happening.ts'
import { lastAtOrBefore, type PosMs, type Still, type TimedEvent } from './timed.ts'

/** From here on, the device's clock shows `posMs + offsetMs`. */
interface ClockStretch {
  readonly posMs: PosMs
  readonly offsetMs: number
}

/**
 * The happenings of a recording in time. A position counts the time that passed, so it goes on also where the
 * device's clock was set back; the clock's own time is told with `wallAt`.
 */
export class Timeline {
  readonly #stills: Still[] = []
  readonly #events: TimedEvent[] = []
  readonly #clock: ClockStretch[] = []
  #lastPosMs = 0
  #lastAtMs: number | null = null
  #faultPosMs: PosMs | null = null
  #isWhole = false
  #bands: Bands | null = null
  #feed: readonly FeedItem[] | null = null

  /** As far as it was read. */
  get lengthMs(): number {
    return this.#lastPosMs
  }

  /** True once all of the recording was read. */
  get isWhole(): boolean {
    return this.#isWhole
  }

  /** From where on nothing is proven; null where the chain has no fault. */
  get faultPosMs(): PosMs | null {
    return this.#faultPosMs
  }

  get stills(): readonly Still[] {
    return this.#stills
  }

  /** All but the pictures, in the order of the recording. */
  get events(): readonly TimedEvent[] {
    return this.#events
  }

  get bands(): Bands {
    this.#bands ??= bandsOf(this.#events, this.#stills, this.#lastPosMs)
    return this.#bands
  }

  /** Chat and events in the order of time. */
  get feed(): readonly FeedItem[] {
    this.#feed ??= feedOf(this.#events)
    return this.#feed
  }

  add(happenings: readonly Happening[]): void {
    for (const happening of happenings) this.#addOne(happening)
    this.#bands = null
    this.#feed = null
  }

  /** All is read. */
  end(): void {
    this.#isWhole = true
  }

  clear(): void {
    this.#stills.length = 0
    this.#events.length = 0
    this.#clock.length = 0
    this.#bands = null
    this.#feed = null
  }

  /** What the device's clock showed, ms since the epoch. */
  wallAt(posMs: PosMs): number {
    const stretch = this.#clock[lastAtOrBefore(this.#clock, posMs)] ?? this.#clock[0]
    return posMs + (stretch?.offsetMs ?? 0)
  }

  /** The newest picture at this time; null where there was none yet. */
  stillAt(posMs: PosMs): Still | null {
    return this.#stills[lastAtOrBefore(this.#stills, posMs)] ?? null
  }

  cursorAt(posMs: PosMs): Place | null {
    return this.stillAt(posMs)?.what.cursor ?? null
  }

  /** Where the next picture is that comes after this time. */
  nextStill(posMs: PosMs): Still | null {
    return this.#stills[lastAtOrBefore(this.#stills, posMs) + 1] ?? null
  }

  /** The picture before the one that is seen at this time; of several at one time the last. */
  previousStill(posMs: PosMs): Still | null {
    const shown = this.stillAt(posMs)
    return shown ? this.stillAt(shown.posMs - 1) : null
  }

  #addOne({ entry, isProven, atMs, what }: Happening): void {
    const at = atMs ?? this.#lastAtMs ?? 0
    const passed = this.#lastAtMs === null ? 0 : at - this.#lastAtMs
    this.#lastPosMs += Math.max(0, passed)
    this.#lastAtMs = at
    const posMs = this.#lastPosMs
    if (this.#clock.length === 0 || passed < 0) this.#clock.push({ posMs, offsetMs: at - posMs })
    if (!isProven) this.#faultPosMs ??= posMs
    if (what.t === 'stills') this.#stills.push({ entry, isProven, posMs, atMs: at, what })
    else this.#events.push({ entry, isProven, posMs, atMs: at, what })
  }
}
