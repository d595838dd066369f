/**
 * The unused byte of every pixel in a frame is zero from here on, so that all other kernels may compare and mix whole
 * words.
 */
export function blit(
  source: usize,
  frame: usize,
  stride: u32,
  x: u32,
  y: u32,
  width: u32,
  height: u32,
): void {
  const colour = i32x4.splat(0xffffff)
  let from = source
  for (let row = y; row < y + height; row++) {
    let to = frame + ((row * stride + x) << 2)
    const end = from + (width << 2)
    for (; from + 16 <= end; from += 16, to += 16) v128.store(to, v128.and(v128.load(from), colour))
    for (; from < end; from += 4, to += 4) store<u32>(to, load<u32>(from) & 0xffffff)
  }
}

export function copy(
  from: usize,
  fromStride: u32,
  to: usize,
  toStride: u32,
  x: u32,
  y: u32,
  width: u32,
  height: u32,
): void {
  for (let row = y; row < y + height; row++) {
    memory.copy(to + ((row * toStride + x) << 2), from + ((row * fromStride + x) << 2), width << 2)
  }
}

/** Rows are taken in the order in which none is overwritten before it was read. */
export function move(
  frame: usize,
  stride: u32,
  x: u32,
  y: u32,
  width: u32,
  height: u32,
  dx: i32,
  dy: i32,
): void {
  const back = (dy * stride + dx) << 2
  for (let done: u32 = 0; done < height; done++) {
    const row = dy > 0 ? y + height - 1 - done : y + done
    const to = frame + ((row * stride + x) << 2)
    memory.copy(to, to - back, width << 2)
  }
}
