/**
 * RGB without the unused byte; with `isDelta` every row but the first less the row above, modulo 256. Writes up to 4
 * bytes more than 3 a pixel.
 */
export function rgb(
  frame: usize,
  stride: u32,
  x: u32,
  y: u32,
  width: u32,
  height: u32,
  isDelta: bool,
  out: usize,
): void {
  let to = out
  const up: usize = stride << 2
  for (let row = y; row < y + height; row++) {
    const isLess = isDelta && row > y
    let from = frame + ((row * stride + x) << 2)
    const end = from + (width << 2)
    for (; from + 16 <= end; from += 16, to += 12) {
      let colours = v128.load(from)
      if (isLess) colours = i8x16.sub(colours, v128.load(from - up))
      v128.store(to, i8x16.shuffle(colours, colours, 2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, 15, 15, 15, 15))
    }
    for (; from < end; from += 4, to += 3) {
      const above: u32 = isLess ? load<u32>(from - up) : 0
      const colour = load<u32>(from)
      store<u8>(to, (colour >> 16) - (above >> 16))
      store<u8>(to, (colour >> 8) - (above >> 8), 1)
      store<u8>(to, colour - above, 2)
    }
  }
}
