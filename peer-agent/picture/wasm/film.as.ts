/** Four pixels → the sum of their bytes, each times its factor. */
function weigh(pixels: v128, factors: v128): v128 {
  const low = i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_u(pixels), factors)
  const high = i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_u(pixels), factors)
  return i32x4.add(v128.shuffle<i32>(low, high, 0, 2, 4, 6), v128.shuffle<i32>(low, high, 1, 3, 5, 7))
}

function luma(from: usize): i64 {
  const factors = i16x8(25, 129, 66, 0, 25, 129, 66, 0)
  const offset = i32x4.splat(128 + (16 << 8))
  const a = i32x4.shr_u(i32x4.add(weigh(v128.load(from), factors), offset), 8)
  const b = i32x4.shr_u(i32x4.add(weigh(v128.load(from, 16), factors), offset), 8)
  const words = i16x8.narrow_i32x4_u(a, b)
  return i64x2.extract_lane(i8x16.narrow_i16x8_u(words, words), 0)
}

/** Mean of 2 × 2 pixels, rounded up first downwards, then sideways; four of them. */
function means(from: usize, below: usize): v128 {
  const a = i8x16.avgr_u(v128.load(from), v128.load(below))
  const b = i8x16.avgr_u(v128.load(from, 16), v128.load(below, 16))
  return i8x16.avgr_u(v128.shuffle<i32>(a, b, 0, 2, 4, 6), v128.shuffle<i32>(a, b, 1, 3, 5, 7))
}

/**
 * I420 as BT.601 in limited range has it, in 8-bit factors. Width and height are even, the width at least 8. Where it
 * is no multiple of 8, the last 8 pixels of a row are done again.
 */
export function i420(
  frame: usize,
  stride: u32,
  x: u32,
  y: u32,
  width: u32,
  height: u32,
  lumaOut: usize,
  uOut: usize,
  vOut: usize,
): void {
  const uFactors = i16x8(112, -74, -38, 0, 112, -74, -38, 0)
  const vFactors = i16x8(-18, -94, 112, 0, -18, -94, 112, 0)
  const offset = i32x4.splat(128 + (128 << 8))
  const half = width >> 1
  for (let row: u32 = 0; row < height; row += 2) {
    const from = frame + (((y + row) * stride + x) << 2)
    const below = from + (stride << 2)
    const to = lumaOut + row * width
    const chroma = (row >> 1) * half
    for (let done: u32 = 0; done < width; done += 8) {
      const at = min(done, width - 8)
      const top = from + (at << 2)
      const bottom = below + (at << 2)
      store<i64>(to + at, luma(top))
      store<i64>(to + width + at, luma(bottom))
      const mean = means(top, bottom)
      const u = i32x4.shr_s(i32x4.add(weigh(mean, uFactors), offset), 8)
      const v = i32x4.shr_s(i32x4.add(weigh(mean, vFactors), offset), 8)
      const words = i16x8.narrow_i32x4_s(u, v)
      const bytes = i8x16.narrow_i16x8_u(words, words)
      store<i32>(uOut + chroma + (at >> 1), i32x4.extract_lane(bytes, 0))
      store<i32>(vOut + chroma + (at >> 1), i32x4.extract_lane(bytes, 1))
    }
  }
}
