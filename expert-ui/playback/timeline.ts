import { type Bands, bandsOf } from './bands.ts'
import { type FeedItem, feedOf } from './feed.ts'
import type { Happening } from './happening.ts'
import { lastAtOrBefore, type PosMs, type Still, type TimedEvent } from './timed.ts'

/** From here on, the device's clock shows `posMs + offsetMs`. */
interface ClockStretch {
  readonly posMs: PosMs
  readonly offsetMs: number
}

interface Told {
  readonly stills: Still[]
  readonly events: TimedEvent[]
  readonly clock: ClockStretch[]
  lastPosMs: PosMs
  lastAtMs: number | null
  faultPosMs: PosMs | null
  isWhole: boolean
}

const NOTHING_TOLD = (): Told => ({
  stills: [],
  events: [],
  clock: [],
  lastPosMs: 0,
  lastAtMs: null,
  faultPosMs: null,
  isWhole: false,
})

/**
 * The happenings of a recording in time. A position counts the time that passed, so it goes on also where the
 * device's clock was set back; the clock's own time is told with `wallAt`. What grows is a new one each time, so that
 * pages see the change; the one before is spent then.
 */
export class Timeline {
  readonly #told: Told
  #bands: Bands | null = null
  #feed: readonly FeedItem[] | null = null

  constructor(told: Told = NOTHING_TOLD()) {
    this.#told = told
  }

  /** As far as it was read. */
  get lengthMs(): number {
    return this.#told.lastPosMs
  }

  /** True once all of the recording was read. */
  get isWhole(): boolean {
    return this.#told.isWhole
  }

  /** From where on nothing is proven; null where the chain has no fault. */
  get faultPosMs(): PosMs | null {
    return this.#told.faultPosMs
  }

  get stills(): readonly Still[] {
    return this.#told.stills
  }

  /** All but the pictures, in the order of the recording. */
  get events(): readonly TimedEvent[] {
    return this.#told.events
  }

  get bands(): Bands {
    this.#bands ??= bandsOf(this.events, this.stills, this.lengthMs)
    return this.#bands
  }

  /** Chat and events in the order of time. */
  get feed(): readonly FeedItem[] {
    this.#feed ??= feedOf(this.events)
    return this.#feed
  }

  add(happenings: readonly Happening[]): Timeline {
    for (const happening of happenings) addTo(this.#told, happening)
    return new Timeline(this.#told)
  }

  /** All is read. */
  end(): Timeline {
    this.#told.isWhole = true
    return new Timeline(this.#told)
  }

  /** What the device's clock showed, ms since the epoch. */
  wallAt(posMs: PosMs): number {
    const { clock } = this.#told
    const stretch = clock[lastAtOrBefore(clock, posMs)] ?? clock[0]
    return posMs + (stretch?.offsetMs ?? 0)
  }

  /** The newest picture at this time; null where there was none yet. */
  stillAt(posMs: PosMs): Still | null {
    return this.stills[lastAtOrBefore(this.stills, posMs)] ?? null
  }

  /** Where the next picture is that comes after this time. */
  nextStill(posMs: PosMs): Still | null {
    return this.stills[lastAtOrBefore(this.stills, posMs) + 1] ?? null
  }

  /** The picture before the one that is seen at this time; of several at one time the last. */
  previousStill(posMs: PosMs): Still | null {
    const shown = this.stillAt(posMs)
    return shown ? this.stillAt(shown.posMs - 1) : null
  }
}

function addTo(told: Told, { entry, isProven, atMs, what }: Happening): void {
  const at = atMs ?? told.lastAtMs ?? 0
  const passed = told.lastAtMs === null ? 0 : at - told.lastAtMs
  told.lastPosMs += Math.max(0, passed)
  told.lastAtMs = at
  const posMs = told.lastPosMs
  if (told.clock.length === 0 || passed < 0) told.clock.push({ posMs, offsetMs: at - posMs })
  if (!isProven) told.faultPosMs ??= posMs
  if (what.t === 'stills') told.stills.push({ entry, isProven, posMs, atMs: at, what })
  else told.events.push({ entry, isProven, posMs, atMs: at, what })
}
