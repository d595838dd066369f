/** Whether two rows of pixels differ anywhere. */
export function spansDiffer(a: usize, b: usize, bytes: u32): bool {
  const end = a + bytes
  for (; a + 64 <= end; a += 64, b += 64) {
    const first = v128.or(v128.xor(v128.load(a), v128.load(b)), v128.xor(v128.load(a, 16), v128.load(b, 16)))
    const second = v128.or(
      v128.xor(v128.load(a, 32), v128.load(b, 32)),
      v128.xor(v128.load(a, 48), v128.load(b, 48)),
    )
    if (v128.any_true(v128.or(first, second))) return true
  }
  for (; a + 16 <= end; a += 16, b += 16) {
    if (v128.any_true(v128.xor(v128.load(a), v128.load(b)))) return true
  }
  for (; a < end; a += 4, b += 4) if (load<u32>(a) !== load<u32>(b)) return true
  return false
}
