import type { Holder, Level } from '../../protocol/level.ts'
import type { PosMs, Still, TimedEvent } from './timed.ts'

export interface Band<Value> {
  readonly fromMs: PosMs
  readonly toMs: PosMs
  readonly value: Value
}

/** Why there is no picture: `none` before the first, `frozen` and `card` (hidden by the customer) after. */
export interface NoPicture {
  readonly kind: 'none' | 'frozen' | 'card'
  readonly reason: string | null
}

export interface Bands {
  readonly levels: readonly Band<Level>[]
  readonly holders: readonly Band<Holder>[]
  readonly noPicture: readonly Band<NoPicture>[]
  /** The picture may show old parts: something before could not be read. */
  readonly doubtful: readonly Band<true>[]
}

export function bandsOf(events: readonly TimedEvent[], stills: readonly Still[], lengthMs: number): Bands {
  return {
    levels: levelBands(events, lengthMs),
    holders: holderBands(events),
    noPicture: noPictureBands(events, stills, lengthMs),
    doubtful: doubtfulBands(events, stills, lengthMs),
  }
}

/** The band over this time, if any; of two that meet there the later one. */
export function bandAt<Value>(bands: readonly Band<Value>[], posMs: PosMs): Band<Value> | null {
  return bands.findLast(({ fromMs, toMs }) => fromMs <= posMs && posMs < toMs) ?? null
}

/** Where a stretch of the control log began and ended: its record is written at its end. */
export function stretchOf({ posMs, atMs, what }: TimedEvent): { fromMs: PosMs; toMs: PosMs } {
  if (what.t !== 'holder') return { fromMs: posMs, toMs: posMs }
  const onTimeline = (ms: number) => Math.max(0, Math.min(posMs, posMs - (atMs - ms)))
  return { fromMs: onTimeline(what.fromMs), toMs: onTimeline(what.toMs) }
}

function levelBands(events: readonly TimedEvent[], lengthMs: number): Band<Level>[] {
  return runs(events, lengthMs, ({ what }) => (what.t === 'level' ? { value: what.level } : null))
}

function holderBands(events: readonly TimedEvent[]): Band<Holder>[] {
  return events.flatMap((event) =>
    event.what.t === 'holder' ? [{ ...stretchOf(event), value: event.what.holder }] : [],
  )
}

function noPictureBands(
  events: readonly TimedEvent[],
  stills: readonly Still[],
  lengthMs: number,
): Band<NoPicture>[] {
  const firstMs = stills[0]?.posMs ?? lengthMs
  const stopped = runs<NoPicture>(events, lengthMs, ({ what }) => {
    if (what.t !== 'picture') return null
    return { value: what.state === 'live' ? null : { kind: what.state, reason: what.reason ?? null } }
  })
  const none: Band<NoPicture> = { fromMs: 0, toMs: firstMs, value: { kind: 'none', reason: null } }
  return firstMs > 0 ? [none, ...stopped] : stopped
}

function doubtfulBands(
  events: readonly TimedEvent[],
  stills: readonly Still[],
  lengthMs: number,
): Band<true>[] {
  const keyframes = stills.filter(({ what }) => what.isKeyframe)
  const unread = events.filter(({ what }) => what.t === 'unreadable')
  return unread.map((event) => {
    const next = keyframes.find(({ entry }) => entry > event.entry)
    return { fromMs: event.posMs, toMs: next?.posMs ?? lengthMs + 1, value: true }
  })
}

/** Each value holds until the next is told; null is none. */
function runs<Value>(
  events: readonly TimedEvent[],
  lengthMs: number,
  told: (event: TimedEvent) => { readonly value: Value | null } | null,
): Band<Value>[] {
  const bands: Band<Value>[] = []
  let running: { fromMs: PosMs; value: Value } | null = null
  const until = (toMs: PosMs) => {
    if (running && toMs > running.fromMs) bands.push({ ...running, toMs })
  }
  for (const event of events) {
    const { what, posMs } = event
    const isEnd = what.t === 'end' || what.t === 'closing' || what.t === 'abandoned'
    const now = isEnd ? { value: null } : told(event)
    if (!now) continue
    until(posMs)
    running = now.value === null ? null : { fromMs: posMs, value: now.value }
  }
  until(lengthMs)
  return bands
}
