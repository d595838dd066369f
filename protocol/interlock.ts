import type { PICTURE_REASONS } from './messages/control-channel.ts'
import type { RECORDER_TROUBLES } from './messages/recording.ts'

/**
 * No recording, no picture [R1]: the agent asks this before every picture. A picture may go out only while
 * (a) the recorder in charge has answered something the agent sent less than `FRESH_MS` ago, and
 * (b) nothing that was captured or appended waits for `FRESH_MS` or longer without being durably acknowledged.
 *
 * An answer counts from when its question was sent, not from when it arrived: an acknowledgement that was stuck on
 * the line proves nothing about now. All times are of one clock (Date.now()); where that clock is set back, every
 * proof is void and the picture waits for a new one.
 */
export const FRESH_MS = 2_000

/** Why the picture is frozen; the expert reads `picture.<reason>` in `i18n/`. */
export type FrozenReason = Exclude<(typeof PICTURE_REASONS)[number], 'hidden'>
export type RecorderTrouble = (typeof RECORDER_TROUBLES)[number]

interface Sent {
  readonly n: number
  readonly atMs: number
}

interface Captured {
  readonly atMs: number
  /** From when on it counts as unrecorded: its time, or long ago where the clock was set back since. */
  readonly sinceMs: number
}

export interface Interlock {
  readonly nowMs: number
  /** Epoch of the recorder in charge; null where there is none. */
  readonly epoch: number | null
  readonly highestEpoch: number
  readonly trouble: FrozenReason | null
  /** When the newest thing that the recorder in charge has answered was sent; null until it answered one. */
  readonly answeredAtMs: number | null
  readonly lastBeat: number
  /** Beats without an answer, oldest first. */
  readonly beats: readonly Sent[]
  readonly lastSeq: number
  readonly durableSeq: number
  /** Entries that are not acknowledged, oldest first. */
  readonly entries: readonly Sent[]
  /** Captures handed out that no acknowledged stills cover. */
  readonly captures: readonly Captured[]
  /** Stills that are not acknowledged: entry `n` covers captures up to `atMs`. */
  readonly covers: readonly Sent[]
  /** Acknowledged stills cover captures up to here. */
  readonly coveredUntilMs: number
}

/** `nowMs` is the time of the event, read from the clock when it happened. */
export type InterlockEvent = { readonly nowMs: number } & (
  | { readonly t: 'tick' }
  /** The server named a recorder, or none. */
  | { readonly t: 'assigned'; readonly epoch: number | null }
  /** The agent sent this beat; beats count up over all links. */
  | { readonly t: 'beat'; readonly beat: number }
  | { readonly t: 'ack'; readonly epoch: number; readonly seq: number; readonly beat: number }
  | { readonly t: 'trouble'; readonly epoch: number; readonly reason: RecorderTrouble }
  /** The agent put an entry on the chain. The header, 0, needs no event. */
  | { readonly t: 'appended'; readonly seq: number }
  /** Pixels captured at this time were handed out. */
  | { readonly t: 'captured'; readonly capturedAtMs: number }
  /** Entry `seq`, already appended, holds every pixel handed out that was captured up to this time. */
  | { readonly t: 'stills'; readonly seq: number; readonly coversUntilMs: number }
)

export type PicturePermission =
  /** `untilMs`: when it freezes by itself unless something happens before; for one timer. */
  | { readonly state: 'live'; readonly untilMs: number }
  /** Only an event lifts it. */
  | { readonly state: 'frozen'; readonly reason: FrozenReason }

export const NO_RECORDER: Interlock = {
  nowMs: 0,
  epoch: null,
  highestEpoch: 0,
  trouble: null,
  answeredAtMs: null,
  lastBeat: 0,
  beats: [],
  lastSeq: 0,
  durableSeq: -1,
  entries: [],
  captures: [],
  covers: [],
  coveredUntilMs: Number.NEGATIVE_INFINITY,
}

/** Whether a picture may go out at `nowMs`; ask with the clock's time, also between events. */
export function picturePermission(state: Interlock, nowMs: number): PicturePermission {
  if (state.epoch === null) return { state: 'frozen', reason: 'no-recorder' }
  if (state.trouble) return { state: 'frozen', reason: state.trouble }
  if (state.answeredAtMs === null) return { state: 'frozen', reason: 'no-recorder' }
  if (nowMs < state.nowMs) return { state: 'frozen', reason: 'recorder-silent' }
  const untilMs = Math.min(state.answeredAtMs, oldestUnrecordedMs(state)) + FRESH_MS
  return nowMs < untilMs ? { state: 'live', untilMs } : { state: 'frozen', reason: 'recorder-silent' }
}

export function stepInterlock(before: Interlock, event: InterlockEvent): Interlock {
  const state = withClock(before, event.nowMs)
  switch (event.t) {
    case 'tick':
      return state
    case 'assigned':
      return assign(state, event.epoch)
    case 'beat':
      return sendBeat(state, event.beat)
    case 'ack':
      return event.epoch === state.epoch ? acknowledge(state, event.seq, event.beat) : state
    case 'trouble':
      return event.epoch === state.epoch ? { ...state, trouble: TROUBLE_REASON[event.reason] } : state
    case 'appended':
      return append(state, event.seq)
    case 'captured':
      return capture(state, Math.min(event.capturedAtMs, state.nowMs))
    case 'stills':
      return cover(state, event.seq, Math.min(event.coversUntilMs, state.nowMs))
  }
}

const TROUBLE_REASON: Record<RecorderTrouble, FrozenReason> = {
  'disk-full': 'recorder-disk-full',
  'disk-failed': 'recorder-failed',
  'chain-broken': 'recorder-failed',
  refused: 'recorder-failed',
}

function oldestUnrecordedMs({ entries, captures }: Interlock): number {
  let oldestMs = entries[0]?.atMs ?? Number.POSITIVE_INFINITY
  for (const { sinceMs } of captures) oldestMs = Math.min(oldestMs, sinceMs)
  return oldestMs
}

/**
 * A clock set back would make old things look young. So what it measured no longer counts as fresh, and the times
 * that say which stills cover which capture are moved along with it.
 */
function withClock(state: Interlock, nowMs: number): Interlock {
  if (nowMs >= state.nowMs) return { ...state, nowMs }
  const backMs = state.nowMs - nowMs
  const longAgo = Number.NEGATIVE_INFINITY
  return {
    ...state,
    nowMs,
    answeredAtMs: null,
    beats: [],
    entries: state.entries.map(({ n }) => ({ n, atMs: longAgo })),
    captures: state.captures.map(({ atMs }) => ({ atMs: atMs - backMs, sinceMs: longAgo })),
    covers: state.covers.map(({ n, atMs }) => ({ n, atMs: atMs - backMs })),
    coveredUntilMs: state.coveredUntilMs - backMs,
  }
}

function assign(state: Interlock, epoch: number | null): Interlock {
  if (epoch === null) return { ...state, epoch: null }
  if (epoch < state.highestEpoch || epoch === state.epoch) return state
  // A new recorder has to prove itself with its own answers; what the last one stored stays stored.
  return { ...state, epoch, highestEpoch: epoch, trouble: null, answeredAtMs: null }
}

function sendBeat(state: Interlock, beat: number): Interlock {
  if (beat <= state.lastBeat) return state
  // A beat older than that proves nothing even when it is answered.
  const beats = state.beats.filter(({ atMs }) => state.nowMs - atMs < FRESH_MS)
  return { ...state, lastBeat: beat, beats: [...beats, { n: beat, atMs: state.nowMs }] }
}

function append(state: Interlock, seq: number): Interlock {
  if (seq <= state.lastSeq) return state
  return { ...state, lastSeq: seq, entries: [...state.entries, { n: seq, atMs: state.nowMs }] }
}

function capture(state: Interlock, atMs: number): Interlock {
  if (atMs <= state.coveredUntilMs) return state
  return { ...state, captures: [...state.captures, { atMs, sinceMs: atMs }] }
}

function cover(state: Interlock, seq: number, coversUntilMs: number): Interlock {
  if (seq <= state.durableSeq) return covered(state, coversUntilMs)
  return { ...state, covers: [...state.covers, { n: seq, atMs: coversUntilMs }] }
}

function covered(state: Interlock, untilMs: number): Interlock {
  if (untilMs <= state.coveredUntilMs) return state
  return {
    ...state,
    coveredUntilMs: untilMs,
    captures: state.captures.filter(({ atMs }) => atMs > untilMs),
  }
}

function acknowledge(state: Interlock, seq: number, beat: number): Interlock {
  // It answers what was never sent, or holds less than it acknowledged: nothing it says can be relied on.
  if (seq > state.lastSeq || seq < state.durableSeq || beat > state.lastBeat)
    return { ...state, trouble: 'recorder-failed' }
  const answered = [...state.beats.filter(({ n }) => n <= beat), ...state.entries.filter(({ n }) => n <= seq)]
  const answeredAtMs = Math.max(
    state.answeredAtMs ?? Number.NEGATIVE_INFINITY,
    ...answered.map(({ atMs }) => atMs),
  )
  const untilMs = Math.max(
    state.coveredUntilMs,
    ...state.covers.filter(({ n }) => n <= seq).map(({ atMs }) => atMs),
  )
  const next = {
    ...state,
    trouble: null,
    answeredAtMs: answeredAtMs === Number.NEGATIVE_INFINITY ? null : answeredAtMs,
    beats: state.beats.filter(({ n }) => n > beat),
    durableSeq: seq,
    entries: state.entries.filter(({ n }) => n > seq),
    covers: state.covers.filter(({ n }) => n > seq),
  }
  return covered(next, untilMs)
}
