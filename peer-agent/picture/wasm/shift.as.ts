import {
  areChosen,
  forgetLandmarks,
  hintsAt,
  landmarks,
  learn,
  MOST_LANDMARKS,
  MOST_SIGHTINGS,
  recordIn,
  recordSlots,
  sight,
  WINDOW_HEIGHT,
  WINDOW_WIDTH,
  windowsDiffer,
} from './landmarks.as.ts'

const CELL: u32 = 64
/** With so many landmarks no further rows are searched for more. */
const ENOUGH_LANDMARKS: u32 = 256
/** So many landmarks at least, and one in 8, must be where the shift says. */
const LEAST_AGREEING: u32 = 4
const LEAST_SHARE: u32 = 8
const MOST_CANDIDATES: u32 = 4
/** A stripe of this height in the middle is looked through first: where all scrolls it tells as much as the whole. */
const STRIPE_ROWS: u32 = 160
/** So many of the landmarks, one in 2, must then agree. */
const STRIPE_SHARE: u32 = 2
/** A landmark seen once votes with all its weight; seen n times, with an nth of it for each. */
const VOTE_WEIGHT: u32 = 840
/** Twice as many as there can be votes. */
const VOTE_SLOTS: u32 = 16384
const votes: usize = memory.data(131072, 16)
const hints: usize = memory.data(16, 16)

/**
 * Returns the shift as dy × 65536 + dx modulo 65536, or 0 where there is none. It is looked for from (areaX, areaY) to
 * before (areaRight, areaBottom) of the shadow, which is `height` high.
 */
export function findShift(
  fresh: usize,
  shadow: usize,
  stride: u32,
  height: u32,
  left: u32,
  top: u32,
  right: u32,
  bottom: u32,
  areaX: u32,
  areaY: u32,
  areaRight: u32,
  areaBottom: u32,
): i32 {
  forgetLandmarks()
  const rows = bottom - top
  const cells = (right - left) / CELL + 1
  // A power of two, so that every row has its turn below.
  let step: u32 = 8
  while ((rows / step) * cells > MOST_LANDMARKS) step <<= 1
  for (let pass: u32 = 0; pass < step && landmarks() < ENOUGH_LANDMARKS; pass++) {
    for (let row = top + ((pass * 5) & (step - 1)); row + WINDOW_HEIGHT <= bottom; row += step) {
      searchRow(fresh, shadow, stride, left, right, row, true)
    }
  }
  if (landmarks() < LEAST_AGREEING) return 0
  const stripeTop = (top + bottom - min(rows, STRIPE_ROWS)) / 2
  const stripeBottom = min(bottom, stripeTop + STRIPE_ROWS)
  const many = max(LEAST_AGREEING, landmarks() / STRIPE_SHARE)
  sightRows(fresh, shadow, stride, areaX, areaRight, stripeTop, stripeBottom, areaBottom)
  const quick = bestShift(many, fresh, shadow, stride, height)
  if (quick !== 0) return quick
  sightRows(fresh, shadow, stride, areaX, areaRight, areaY, stripeTop, areaBottom)
  sightRows(fresh, shadow, stride, areaX, areaRight, stripeBottom, areaBottom, areaBottom)
  return bestShift(max(LEAST_AGREEING, landmarks() / LEAST_SHARE), fresh, shadow, stride, height)
}

function sightRows(
  fresh: usize,
  shadow: usize,
  stride: u32,
  left: u32,
  right: u32,
  top: u32,
  bottom: u32,
  end: u32,
): void {
  for (let row = top; row < bottom && row + WINDOW_HEIGHT <= end; row++)
    searchRow(shadow, fresh, stride, left, right, row, false)
}

/** The shift with which at least so many landmarks agree, and most of all that were voted for; else 0. */
function bestShift(leastAgreeing: u32, fresh: usize, shadow: usize, stride: u32, height: u32): i32 {
  count()
  let best: i32 = 0
  let bestAgreeing = leastAgreeing - 1
  for (let candidate: u32 = 0; candidate < MOST_CANDIDATES; candidate++) {
    const shift = takeMostVoted()
    if (shift === 0) break
    const agreeing = agreeingWith(shift, fresh, shadow, stride, height)
    if (agreeing > bestAgreeing) {
      bestAgreeing = agreeing
      best = shift
    }
  }
  return best
}

/**
 * Looks along a row for places where a colour changes, that differ from the other picture, and that their pixels
 * choose. Learnt is one for each cell, so that they are spread; sighted are all.
 */
function searchRow(
  picture: usize,
  other: usize,
  stride: u32,
  left: u32,
  right: u32,
  row: u32,
  isLearning: bool,
): void {
  const rowBytes = stride << 2
  const start = picture + row * rowBytes
  const away = other - picture
  // The last of four windows ends where the row does.
  for (let x = left; x + WINDOW_WIDTH + 3 <= right; x += 4) {
    const at = start + (x << 2)
    const pixels = v128.load(at)
    const changed = i32x4.ne(pixels, v128.load(at + away))
    if (!v128.any_true(changed)) {
      // Much is as before: over that in longer steps.
      while (x + WINDOW_WIDTH + 16 <= right && areSame(start + (x << 2) + 16, away)) x += 12
      continue
    }
    const edges = v128.and(changed, i32x4.ne(pixels, v128.load(at, 4)))
    if (!v128.any_true(edges)) continue
    const hint = hintsAt(at, rowBytes)
    let lanes = i32x4.bitmask(v128.and(edges, areChosen(hint)))
    if (lanes === 0) continue
    v128.store(hints, hint)
    for (; lanes !== 0; lanes &= lanes - 1) {
      const lane = ctz(lanes)
      const value = load<u32>(hints + (lane << 2))
      const place = (row << 16) | (x + lane)
      if (isLearning) {
        learn(value, at + (lane << 2), rowBytes, place)
        x = (x & ~(CELL - 1)) + CELL - 4
        break
      }
      sight(value, at + (lane << 2), rowBytes, place)
    }
  }
}

/** Whether 12 pixels are the same in both pictures. */
function areSame(at: usize, away: usize): bool {
  const first = v128.xor(v128.load(at), v128.load(at + away))
  const second = v128.xor(v128.load(at, 16), v128.load(at + away, 16))
  const third = v128.xor(v128.load(at, 32), v128.load(at + away, 32))
  return !v128.any_true(v128.or(v128.or(first, second), third))
}

function count(): void {
  memory.fill(votes, 0, VOTE_SLOTS * 8)
  for (let slot: u32 = 0; slot < recordSlots(); slot++) {
    const record = recordIn(slot)
    if (record === 0) continue
    const seen = load<u32>(record, 12)
    if (seen === 0 || seen > MOST_SIGHTINGS || load<u32>(record, 8) > MOST_SIGHTINGS) continue
    const place = load<u32>(record, 4)
    for (let sighting: u32 = 0; sighting < seen; sighting++) {
      const from = load<u32>(record + (sighting << 2), 16)
      const dx = (place & 0xffff) - (from & 0xffff)
      const dy = (place >> 16) - (from >> 16)
      vote((dy << 16) | (dx & 0xffff), VOTE_WEIGHT / seen)
    }
  }
}

function vote(shift: u32, weight: u32): void {
  let slot = (shift * 0x9e3779b1) >> 18
  let at = votes + (slot << 3)
  while (load<u32>(at, 4) !== 0 && load<u32>(at) !== shift) {
    slot = (slot + 1) & (VOTE_SLOTS - 1)
    at = votes + (slot << 3)
  }
  store<u32>(at, shift)
  store<u32>(at, load<u32>(at, 4) + weight, 4)
}

function takeMostVoted(): i32 {
  let most: usize = votes
  for (let at = votes; at < votes + VOTE_SLOTS * 8; at += 8) {
    if (load<u32>(at, 4) > load<u32>(most, 4)) most = at
  }
  if (load<u32>(most, 4) === 0) return 0
  store<u32>(most, 0, 4)
  return load<i32>(most)
}

/** How many landmarks stand in the shadow just where this shift says. */
function agreeingWith(shift: i32, fresh: usize, shadow: usize, stride: u32, height: u32): u32 {
  const dx = (shift << 16) >> 16
  const dy = shift >> 16
  let agreeing: u32 = 0
  for (let slot: u32 = 0; slot < recordSlots(); slot++) {
    const record = recordIn(slot)
    if (record === 0) continue
    const place = load<u32>(record, 4)
    const x: i32 = place & 0xffff
    const y: i32 = place >> 16
    const fromX = x - dx
    const fromY = y - dy
    if (fromX < 0 || fromX + <i32>WINDOW_WIDTH > <i32>stride) continue
    if (fromY < 0 || fromY + <i32>WINDOW_HEIGHT > <i32>height) continue
    const a = fresh + ((y * stride + x) << 2)
    const b = shadow + ((fromY * stride + fromX) << 2)
    if (!windowsDiffer(a, b, stride << 2)) agreeing++
  }
  return agreeing
}
