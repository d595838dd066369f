/** How many pixels of the rectangle have the colour of the one to their left; the first of each row has none. */
export function likeLeft(frame: usize, stride: u32, x: u32, y: u32, width: u32, height: u32): u32 {
  let alike: u32 = 0
  for (let row = y; row < y + height; row++) {
    let at = frame + ((row * stride + x + 1) << 2)
    const end = at + ((width - 1) << 2)
    for (; at + 16 <= end; at += 16)
      alike += popcnt<u32>(i32x4.bitmask(i32x4.eq(v128.load(at), v128.load(at - 4))))
    for (; at < end; at += 4) alike += u32(load<u32>(at) === load<u32>(at - 4))
  }
  return alike
}
