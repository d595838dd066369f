const MOST_COLOURS: u32 = 256
/** Where the indices begin; the palette is written to end there. */
const MOST_HEAD: u32 = 1 + MOST_COLOURS * 3
/** Four times the colours, so that few of them share a slot; the hash keeps its top 10 bits. */
const SLOTS: u32 = 1024
const slotColours: usize = memory.data(4096, 16)
const slotIndexes: usize = memory.data(1024, 16)

let count: u32 = 0
let head: usize = 0

/**
 * Returns how many colours there are, or 0 if more than 256. What is packed then begins at
 * `out` + 769 − (1 + 3 × colours). `out` has room for 769 bytes and one byte a pixel.
 */
export function packPalette(
  frame: usize,
  stride: u32,
  x: u32,
  y: u32,
  width: u32,
  height: u32,
  out: usize,
): u32 {
  memory.fill(slotColours, 0xff, SLOTS * 4)
  count = 0
  // Until their number is known, colours wait at the beginning of the head, in order.
  head = out
  let to = out + MOST_HEAD
  let lastColour: u32 = u32.MAX_VALUE
  let lastIndex: u32 = 0
  for (let row = y; row < y + height; row++) {
    let from = frame + ((row * stride + x) << 2)
    const end = from + (width << 2)
    while (from < end) {
      if (from + 16 <= end && i32x4.all_true(i32x4.eq(v128.load(from), i32x4.splat(lastColour)))) {
        store<u32>(to, lastIndex * 0x01010101)
        from += 16
        to += 4
        continue
      }
      const stop = min(end, from + 16)
      for (; from < stop; from += 4, to++) {
        const colour = load<u32>(from)
        if (colour !== lastColour) {
          lastIndex = indexOf(colour)
          if (lastIndex === MOST_COLOURS) return 0
          lastColour = colour
        }
        store<u8>(to, lastIndex)
      }
    }
  }
  memory.copy(out + MOST_HEAD - count * 3, out, count * 3)
  store<u8>(out + MOST_HEAD - count * 3 - 1, count - 1)
  const bits = bitsFor(count)
  if (bits === 1) packBits(out + MOST_HEAD, width, height)
  else if (bits < 8) packSome(out + MOST_HEAD, width, height, bits)
  return count
}

export function bitsFor(colours: u32): u32 {
  return colours <= 2 ? 1 : colours <= 4 ? 2 : colours <= 16 ? 4 : 8
}

/** 256 if the colour is one too many. */
function indexOf(colour: u32): u32 {
  let slot = (colour * 0x9e3779b1) >> 22
  for (;;) {
    const there = load<u32>(slotColours + (slot << 2))
    if (there === colour) return load<u8>(slotIndexes + slot)
    if (there === u32.MAX_VALUE) break
    slot = (slot + 1) & (SLOTS - 1)
  }
  if (count === MOST_COLOURS) return MOST_COLOURS
  store<u32>(slotColours + (slot << 2), colour)
  store<u8>(slotIndexes + slot, count)
  const at = head + count * 3
  store<u8>(at, colour >> 16)
  store<u8>(at, colour >> 8, 1)
  store<u8>(at, colour, 2)
  return count++
}

/** In place: a packed row never reaches where the next is read. */
function packBits(at: usize, width: u32, height: u32): void {
  let from = at
  let to = at
  for (let row: u32 = 0; row < height; row++) {
    const end = from + width
    // The multiplication gathers the lowest bits of 8 bytes, the first as the highest.
    for (; from + 8 <= end; from += 8, to++) store<u8>(to, (load<u64>(from) * 0x8040201008040201) >> 56)
    if (from === end) continue
    let last: u32 = 0
    let shift: u32 = 7
    for (; from < end; from++, shift--) last |= (<u32>load<u8>(from)) << shift
    store<u8>(to++, last)
  }
}

function packSome(at: usize, width: u32, height: u32, bits: u32): void {
  let from = at
  let to = at
  for (let row: u32 = 0; row < height; row++) {
    const end = from + width
    if (bits === 2) {
      for (; from + 4 <= end; from += 4, to++) store<u8>(to, (load<u32>(from) * 0x40100401) >> 24)
    } else {
      for (; from + 16 <= end; from += 16, to += 8) {
        const pairs = v128.load(from)
        const packed = v128.or(i16x8.shl(pairs, 4), i16x8.shr_u(pairs, 8))
        const bytes = v128.and(packed, i16x8.splat(0xff))
        store<i64>(to, i64x2.extract_lane(i8x16.narrow_i16x8_u(bytes, bytes), 0))
      }
    }
    while (from < end) {
      let last: u32 = 0
      for (let shift: i32 = 8 - bits; shift >= 0 && from < end; shift -= bits) {
        last |= (<u32>load<u8>(from++)) << shift
      }
      store<u8>(to++, last)
    }
  }
}
