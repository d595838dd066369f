import { spansDiffer } from './spans.as.ts'

/** A landmark is a place that is known again by the pixels of a window to its right and below. */
export const WINDOW_WIDTH: u32 = 32
export const WINDOW_HEIGHT: u32 = 8
/** Hashes of windows; beyond this many no more are learnt. */
export const MOST_LANDMARKS: u32 = 1024
/** A window seen more often than this is no landmark but a pattern. */
export const MOST_SIGHTINGS: u32 = 8

/** Per landmark: hash, place in fresh, times learnt, times seen in shadow, up to 8 places there. */
const RECORD_BYTES: u32 = 48
const SLOTS: u32 = 2048
const records: usize = memory.data(98304, 16)
/** Bits for the hints of what was learnt: most places of the shadow are dismissed by them. */
const FILTER_BYTES: u32 = 8192
const filter: usize = memory.data(8192, 16)

let learnt: u32 = 0

export function forgetLandmarks(): void {
  memory.fill(records, 0, SLOTS * RECORD_BYTES)
  memory.fill(filter, 0, FILTER_BYTES)
  learnt = 0
}

export function landmarks(): u32 {
  return learnt
}

/**
 * A cheap hash of 6 pixels of the windows that begin at four neighbours, spread so that letters of two colours differ
 * as well.
 */
export function hintsAt(at: usize, rowBytes: usize): v128 {
  const second = at + 2 * rowBytes
  const third = at + 5 * rowBytes
  let sum = i32x4.add(v128.load(at, 4), i32x4.shl(v128.load(at, 20), 3))
  sum = i32x4.add(sum, i32x4.shl(v128.load(second), 5))
  sum = i32x4.sub(sum, i32x4.shl(v128.load(second, 12), 7))
  sum = i32x4.sub(sum, i32x4.shl(v128.load(third, 8), 2))
  sum = i32x4.add(sum, i32x4.shl(v128.load(third, 28), 8))
  return i32x4.mul(sum, i32x4.splat(0x9e3779b1))
}

/** One place in 16 may be a landmark; the pixels themselves say which. */
export function areChosen(hints: v128): v128 {
  return i32x4.eq(i32x4.shr_u(hints, 28), i32x4.splat(0))
}

/** The hint of one window made finer by 6 pixels more. */
function finerHint(hint: u32, at: usize, rowBytes: usize): u32 {
  const second = at + 3 * rowBytes
  const third = at + 6 * rowBytes
  let sum = hint + load<u32>(at, 44) + (load<u32>(at, 76) << 4)
  sum += (load<u32>(second, 20) << 6) - (load<u32>(second, 56) << 3)
  sum += (load<u32>(third, 4) << 1) - (load<u32>(third, 40) << 7)
  sum *= 0x85ebca6b
  return sum ^ (sum >> 15)
}

export function learn(hint: u32, at: usize, rowBytes: usize, place: u32): void {
  if (learnt === MOST_LANDMARKS) return
  const hash = windowHash(at, rowBytes)
  const record = recordOf(hash)
  if (load<u32>(record) === 0) {
    store<u32>(record, hash)
    store<u32>(record, place, 4)
    learnt++
  }
  store<u32>(record, load<u32>(record, 8) + 1, 8)
  const bit = filterBit(finerHint(hint, at, rowBytes))
  store<u8>(filter + (bit >> 3), <u32>load<u8>(filter + (bit >> 3)) | (1 << (bit & 7)))
}

/** Notes that the window at this place of the shadow was, perhaps, learnt. */
export function sight(hint: u32, at: usize, rowBytes: usize, place: u32): void {
  const bit = filterBit(finerHint(hint, at, rowBytes))
  if ((load<u8>(filter + (bit >> 3)) & (1 << (bit & 7))) === 0) return
  const record = recordOf(windowHash(at, rowBytes))
  if (load<u32>(record) === 0) return
  const seen = load<u32>(record, 12)
  if (seen < MOST_SIGHTINGS) store<u32>(record + (seen << 2), place, 16)
  store<u32>(record, seen + 1, 12)
}

/** The record in this slot, or 0 where there is none. */
export function recordIn(slot: u32): usize {
  const record = records + slot * RECORD_BYTES
  return load<u32>(record) === 0 ? 0 : record
}

export function recordSlots(): u32 {
  return SLOTS
}

export function windowsDiffer(a: usize, b: usize, rowBytes: usize): bool {
  for (let row: u32 = 0; row < WINDOW_HEIGHT; row++) {
    if (spansDiffer(a, b, WINDOW_WIDTH << 2)) return true
    a += rowBytes
    b += rowBytes
  }
  return false
}

function filterBit(hint: u32): u32 {
  return (hint >> 8) & (FILTER_BYTES * 8 - 1)
}

function recordOf(hash: u32): usize {
  let slot = hash & (SLOTS - 1)
  let record = records + slot * RECORD_BYTES
  while (load<u32>(record) !== hash && load<u32>(record) !== 0) {
    slot = (slot + 1) & (SLOTS - 1)
    record = records + slot * RECORD_BYTES
  }
  return record
}

/** Never 0. */
function windowHash(at: usize, rowBytes: usize): u32 {
  const factor = i32x4.splat(0x9e3779b1)
  let a = i32x4.splat(1)
  let b = i32x4.splat(2)
  let c = i32x4.splat(3)
  let d = i32x4.splat(4)
  for (let row: u32 = 0; row < WINDOW_HEIGHT; row++) {
    a = i32x4.add(i32x4.mul(a, factor), v128.load(at))
    b = i32x4.add(i32x4.mul(b, factor), v128.load(at, 16))
    c = i32x4.add(i32x4.mul(c, factor), v128.load(at, 32))
    d = i32x4.add(i32x4.mul(d, factor), v128.load(at, 48))
    a = i32x4.add(i32x4.mul(a, factor), v128.load(at, 64))
    b = i32x4.add(i32x4.mul(b, factor), v128.load(at, 80))
    c = i32x4.add(i32x4.mul(c, factor), v128.load(at, 96))
    d = i32x4.add(i32x4.mul(d, factor), v128.load(at, 112))
    at += rowBytes
  }
  a = v128.xor(a, i32x4.shr_u(a, 15))
  b = v128.xor(b, i32x4.shr_u(b, 13))
  a = i32x4.add(i32x4.mul(a, factor), v128.xor(c, i32x4.shr_u(c, 14)))
  b = i32x4.add(i32x4.mul(b, factor), v128.xor(d, i32x4.shr_u(d, 16)))
  a = i32x4.mul(v128.xor(a, i32x4.shr_u(b, 11)), factor)
  a = i32x4.add(a, i32x4.mul(b, i32x4.splat(0xc2b2ae35)))
  let hash: u32 = i32x4.extract_lane(a, 0)
  hash = hash * 0x85ebca6b + i32x4.extract_lane(a, 1)
  hash = (hash ^ (hash >> 15)) * 0x85ebca6b + i32x4.extract_lane(a, 2)
  hash = (hash ^ (hash >> 13)) * 0xc2b2ae35 + i32x4.extract_lane(a, 3)
  hash ^= hash >> 16
  return hash === 0 ? 1 : hash
}
