/**
 * NH, the universal hash inside UMAC (RFC 4418, section 5.2.1; Black et al., CRYPTO 1999), twice with a key moved on
 * ("Toeplitz"), over pairs of pixels: the sum of (m0 + k0) × (m1 + k1), sums modulo 2^32, products modulo 2^64. For two
 * pictures of a size that fit the key (a cell does) the chance that they share all 128 bits is at most 2^-64 over the
 * choice of the key, and what is on the screen cannot be made to fit a key it doesn't know. What is larger goes in
 * parts, joined by a polynomial modulo 2^64.
 */
const KEY_BYTES: u32 = 16384
/** The second key is the first, this much further on: one pair of vectors. */
const MOVED: u32 = 32
const tail: usize = memory.data(32, 16)

let first: v128 = i64x2.splat(0)
let second: v128 = i64x2.splat(0)
let firstTotal: u64 = 0
let secondTotal: u64 = 0
let place: u32 = 0
let keyAt: usize = 0

/** What must be random at `key`: the key, moved on once, two factors and a pair for the size. */
export function hashKeyBytes(): u32 {
  return KEY_BYTES + MOVED + 32
}

export function hash(
  frame: usize,
  stride: u32,
  x: u32,
  y: u32,
  width: u32,
  height: u32,
  key: usize,
  out: usize,
): void {
  keyAt = key
  place = 0
  first = i64x2.splat(0)
  second = i64x2.splat(0)
  const sizes = key + KEY_BYTES + MOVED + 16
  firstTotal = sizePair(width, height, sizes)
  secondTotal = sizePair(width, height, sizes + 8)
  const whole = (width << 2) & ~31
  const rest = (width << 2) - whole
  for (let row = y; row < y + height; row++) {
    const from = frame + ((row * stride + x) << 2)
    absorb(from, whole)
    if (rest === 0) continue
    memory.fill(tail, 0, 32)
    memory.copy(tail, from + whole, rest)
    absorb(tail, 32)
  }
  fold()
  store<u64>(out, firstTotal)
  store<u64>(out, secondTotal, 8)
}

function sizePair(width: u32, height: u32, key: usize): u64 {
  return <u64>(width + load<u32>(key)) * <u64>(height + load<u32>(key, 4))
}

function absorb(from: usize, bytes: u32): void {
  let one = first
  let two = second
  let key = keyAt + place
  const end = from + bytes
  const keyEnd = keyAt + KEY_BYTES
  for (; from < end; from += 32) {
    if (key === keyEnd) {
      first = one
      second = two
      fold()
      one = first
      two = second
      key = keyAt
    }
    const a = v128.load(from)
    const b = v128.load(from, 16)
    const a1 = i32x4.add(a, v128.load(key))
    const b1 = i32x4.add(b, v128.load(key, 16))
    const a2 = i32x4.add(a, v128.load(key, 32))
    const b2 = i32x4.add(b, v128.load(key, 48))
    one = i64x2.add(one, i64x2.extmul_low_i32x4_u(a1, b1))
    one = i64x2.add(one, i64x2.extmul_high_i32x4_u(a1, b1))
    two = i64x2.add(two, i64x2.extmul_low_i32x4_u(a2, b2))
    two = i64x2.add(two, i64x2.extmul_high_i32x4_u(a2, b2))
    key += 32
  }
  place = <u32>(key - keyAt)
  first = one
  second = two
}

function fold(): void {
  const factors = keyAt + KEY_BYTES + MOVED
  firstTotal =
    firstTotal * (load<u64>(factors) | 1) + i64x2.extract_lane(first, 0) + i64x2.extract_lane(first, 1)
  secondTotal =
    secondTotal * (load<u64>(factors, 8) | 1) + i64x2.extract_lane(second, 0) + i64x2.extract_lane(second, 1)
  first = i64x2.splat(0)
  second = i64x2.splat(0)
}
