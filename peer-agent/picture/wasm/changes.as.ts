import { spansDiffer } from './spans.as.ts'

const CELL: u32 = 64
/** While it grows, a box is left, top, right, bottom: four words. */
const BOX_BYTES: u32 = 16

export function differs(a: usize, b: usize, stride: u32, x: u32, y: u32, width: u32, height: u32): bool {
  for (let row = y; row < y + height; row++) {
    const at = (row * stride + x) << 2
    if (spansDiffer(a + at, b + at, width << 2)) return true
  }
  return false
}

/**
 * Writes one box for each cell with a difference and returns how many. `out` has room for one of every cell that the
 * rectangle touches. Rows of pixels are walked over all cells of a row, which memory likes best.
 */
export function changedBoxes(
  fresh: usize,
  shadow: usize,
  stride: u32,
  x: u32,
  y: u32,
  width: u32,
  height: u32,
  out: usize,
): u32 {
  const right = x + width
  const bottom = y + height
  const cells = (right - 1) / CELL - x / CELL + 1
  let to = out
  for (let top = y; top < bottom; ) {
    const end = min(bottom, (top / CELL + 1) * CELL)
    for (let box = to; box < to + cells * BOX_BYTES; box += BOX_BYTES) {
      store<u32>(box, u32.MAX_VALUE)
      store<u32>(box, 0, 8)
    }
    for (let row = top; row < end; row++) growBoxes(fresh, shadow, row * stride, row, x, right, to)
    to = keepGrown(to, cells)
    top = end
  }
  return <u32>(to - out) / BOX_BYTES
}

/** Takes one row of pixels into the boxes of its cells. */
function growBoxes(
  fresh: usize,
  shadow: usize,
  start: u32,
  row: u32,
  x: u32,
  right: u32,
  boxes: usize,
): void {
  let box = boxes
  for (let left = x; left < right; box += BOX_BYTES) {
    const end = min(right, (left / CELL + 1) * CELL)
    const a = fresh + (start << 2)
    const b = shadow + (start << 2)
    if (spansDiffer(a + (left << 2), b + (left << 2), (end - left) << 2)) {
      const boxLeft = load<u32>(box)
      if (boxLeft === u32.MAX_VALUE) store<u32>(box, row, 4)
      let first = left
      while (first < boxLeft && load<u32>(a + (first << 2)) === load<u32>(b + (first << 2))) first++
      let last = end
      const boxRight = load<u32>(box, 8)
      while (last > boxRight && load<u32>(a + (last << 2) - 4) === load<u32>(b + (last << 2) - 4)) last--
      store<u32>(box, min(first, boxLeft))
      store<u32>(box, max(last, boxRight), 8)
      store<u32>(box, row + 1, 12)
    }
    left = end
  }
}

/** Makes each box x, y, width and height, and closes the gaps that cells without a difference left. */
function keepGrown(boxes: usize, cells: u32): usize {
  let to = boxes
  for (let box = boxes; box < boxes + cells * BOX_BYTES; box += BOX_BYTES) {
    if (load<u32>(box) === u32.MAX_VALUE) continue
    const left = load<u32>(box)
    const top = load<u32>(box, 4)
    const right = load<u32>(box, 8)
    const bottom = load<u32>(box, 12)
    store<u32>(to, left)
    store<u32>(to, top, 4)
    store<u32>(to, right - left, 8)
    store<u32>(to, bottom - top, 12)
    to += BOX_BYTES
  }
  return to
}
