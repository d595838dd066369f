import {
  bandBytes,
  bands,
  bandTop,
  differingRows,
  findBands,
  isMatching,
  STRIP,
  strips,
  take,
} from './bands.as.ts'

export const MOST_COPIES: u32 = 32
const LEAST_PIXELS: u32 = 2048
/** So many strips of one row must differ in place; else it is cheaper to code them. */
const LEAST_DIFFERING: u32 = 32
/** Bands times strips that may be walked in all: a few milliseconds. */
const MOST_WORK: u32 = 500000

/** Of the rectangle of bands and strips that saves most. */
let most: u32 = 0
let firstBand: u32 = 0
let endBand: u32 = 0
let firstStrip: u32 = 0
let endStrip: u32 = 0

let sums: usize = 0
/** For each strip, and one beyond: the first of the bands down to the present one in which it matches. */
let tops: usize = 0
/** Strips from which a rectangle may begin, with the band at which it would. */
let stack: usize = 0

export function copiesWorkBytes(width: u32, height: u32): u32 {
  const across = (width + STRIP - 1) / STRIP + 1
  return bandBytes(width, height) + (height + 1) * across * 4 + across * 12 + 64
}

/**
 * Writes x, y, width and height of each copy; returns how many. Each time the rectangle of matching strips is taken in
 * which most strips differ in place.
 */
export function copiesOf(
  fresh: usize,
  shadow: usize,
  stride: u32,
  x: u32,
  y: u32,
  width: u32,
  height: u32,
  dx: i32,
  dy: i32,
  work: usize,
  out: usize,
): u32 {
  findBands(fresh, shadow, stride, x, y, width, height, (dy * stride + dx) << 2, work)
  sums = (work + bandBytes(width, height)) & ~15
  tops = sums + (((height + 1) * (strips + 1)) << 2)
  stack = tops + ((strips + 1) << 2)
  let found: u32 = 0
  let left: u32 = max(1, MOST_WORK / (bands * strips))
  for (; found < MOST_COPIES && left > 0; left--) {
    sum()
    findMost()
    if (most < LEAST_DIFFERING) break
    trim()
    const top = bandTop(firstBand)
    const rows = bandTop(endBand) - top
    const columns = min(endStrip * STRIP, width) - firstStrip * STRIP
    take(firstBand, endBand, firstStrip, endStrip)
    if (rows * columns < LEAST_PIXELS) continue
    store<u32>(out + (found << 4), x + firstStrip * STRIP)
    store<u32>(out + (found << 4), y + top, 4)
    store<u32>(out + (found << 4), columns, 8)
    store<u32>(out + (found << 4), rows, 12)
    found++
  }
  return found
}

/** `sums` at (band, strip): what differs above and to the left of it. */
function sum(): void {
  const across = strips + 1
  memory.fill(sums, 0, across << 2)
  for (let band: u32 = 0; band < bands; band++) {
    const above = sums + ((band * across) << 2)
    const here = above + (across << 2)
    store<u32>(here, 0)
    let row: u32 = 0
    for (let strip: u32 = 0; strip < strips; strip++) {
      row += differingRows(band, strip)
      store<u32>(here + (strip << 2), row + load<u32>(above + (strip << 2), 4), 4)
    }
  }
}

function sumAt(band: u32, strip: u32): u32 {
  return load<u32>(sums + ((band * (strips + 1) + strip) << 2))
}

function sumOf(top: u32, bottom: u32, left: u32, right: u32): u32 {
  return sumAt(bottom, right) - sumAt(top, right) - sumAt(bottom, left) + sumAt(top, left)
}

/** Walks every rectangle of matching strips that can't be made larger, as under a histogram, with a stack. */
function findMost(): void {
  most = 0
  memory.fill(tops, 0, strips << 2)
  for (let band: u32 = 0; band < bands; band++) {
    const end = band + 1
    let depth: u32 = 0
    for (let strip: u32 = 0; strip <= strips; strip++) {
      let top = end
      if (strip < strips) {
        if (!isMatching(band, strip)) store<u32>(tops + (strip << 2), end)
        top = load<u32>(tops + (strip << 2))
      }
      let begin = strip
      while (depth > 0) {
        const entry = stack + ((depth - 1) << 3)
        const entryTop = load<u32>(entry, 4)
        if (entryTop > top) {
          // It is lower than what comes: that begins here, it goes on.
          break
        }
        begin = load<u32>(entry)
        if (entryTop < top) consider(entryTop, end, begin, strip)
        depth--
      }
      if (top === end) continue
      store<u32>(stack + (depth << 3), begin)
      store<u32>(stack + (depth << 3), top, 4)
      depth++
    }
  }
}

function consider(top: u32, bottom: u32, left: u32, right: u32): void {
  const differing = sumOf(top, bottom, left, right)
  if (differing <= most) return
  most = differing
  firstBand = top
  endBand = bottom
  firstStrip = left
  endStrip = right
}

/** Leaves away the sides where nothing differs. */
function trim(): void {
  while (sumOf(firstBand, firstBand + 1, firstStrip, endStrip) === 0) firstBand++
  while (sumOf(endBand - 1, endBand, firstStrip, endStrip) === 0) endBand--
  while (sumOf(firstBand, endBand, firstStrip, firstStrip + 1) === 0) firstStrip++
  while (sumOf(firstBand, endBand, endStrip - 1, endStrip) === 0) endStrip--
}
