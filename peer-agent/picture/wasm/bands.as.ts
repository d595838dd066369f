import { spansDiffer } from './spans.as.ts'

/** Pixels of a row are judged in strips of this width, counted from the left side of the rectangle. */
export const STRIP: u32 = 16

/**
 * Rows of pixels in which the same strips match, one below the other, are one band. For each band: where it ends, a
 * byte for each strip that says whether it matches, and in how many rows each strip differs in place.
 */
export let bands: u32 = 0
export let strips: u32 = 0
let ends: usize = 0
let matches: usize = 0
let differing: usize = 0

export function bandBytes(width: u32, height: u32): u32 {
  const across = (width + STRIP - 1) / STRIP
  return height * 4 + (height + 1) * across * 5 + 64
}

export function bandTop(band: u32): u32 {
  return band === 0 ? 0 : load<u32>(ends + ((band - 1) << 2))
}

export function isMatching(band: u32, strip: u32): bool {
  return load<u8>(matches + band * strips + strip) !== 0
}

export function differingRows(band: u32, strip: u32): u32 {
  return load<u32>(differing + ((band * strips + strip) << 2))
}

/** What is taken neither matches nor differs any more. */
export function take(firstBand: u32, endBand: u32, firstStrip: u32, endStrip: u32): void {
  for (let band = firstBand; band < endBand; band++) {
    const at = band * strips + firstStrip
    memory.fill(matches + at, 0, endStrip - firstStrip)
    memory.fill(differing + (at << 2), 0, (endStrip - firstStrip) << 2)
  }
}

/** Compares a rectangle of `fresh` with the shadow in place and with the shadow `back` bytes before. */
export function findBands(
  fresh: usize,
  shadow: usize,
  stride: u32,
  x: u32,
  y: u32,
  width: u32,
  height: u32,
  back: usize,
  work: usize,
): void {
  strips = (width + STRIP - 1) / STRIP
  ends = work
  differing = ends + (height << 2)
  matches = differing + (((height + 1) * strips) << 2)
  bands = 0
  for (let row: u32 = 0; row < height; row++) {
    const at = ((y + row) * stride + x) << 2
    const match = matches + bands * strips
    const differ = differing + ((bands * strips) << 2)
    judge(fresh + at, shadow + at, shadow + at - back, width, match, differ)
    if (bands > 0 && memory.compare(match - strips, match, strips) === 0) {
      const before = differ - (strips << 2)
      for (let strip: u32 = 0; strip < strips << 2; strip += 4) {
        store<u32>(before + strip, load<u32>(before + strip) + load<u32>(differ + strip))
      }
    } else bands++
    store<u32>(ends + ((bands - 1) << 2), row + 1)
  }
}

function judge(fresh: usize, inPlace: usize, moved: usize, width: u32, match: usize, differ: usize): void {
  const whole = width / STRIP
  for (let strip: u32 = 0; strip < whole; strip++) {
    const a = v128.load(fresh)
    const b = v128.load(fresh, 16)
    const c = v128.load(fresh, 32)
    const d = v128.load(fresh, 48)
    const isOther = v128.any_true(
      v128.or(
        v128.or(v128.xor(a, v128.load(moved)), v128.xor(b, v128.load(moved, 16))),
        v128.or(v128.xor(c, v128.load(moved, 32)), v128.xor(d, v128.load(moved, 48))),
      ),
    )
    const isChanged = v128.any_true(
      v128.or(
        v128.or(v128.xor(a, v128.load(inPlace)), v128.xor(b, v128.load(inPlace, 16))),
        v128.or(v128.xor(c, v128.load(inPlace, 32)), v128.xor(d, v128.load(inPlace, 48))),
      ),
    )
    store<u8>(match + strip, !isOther)
    // What can't be had by the move counts for nothing.
    store<u32>(differ + (strip << 2), isChanged && !isOther)
    fresh += 64
    moved += 64
    inPlace += 64
  }
  const rest = (width - whole * STRIP) << 2
  if (rest === 0) return
  const isOther = spansDiffer(fresh, moved, rest)
  store<u8>(match + whole, !isOther)
  store<u32>(differ + (whole << 2), spansDiffer(fresh, inPlace, rest) && !isOther)
}
