/** Both RGB of the same size. Infinity where they are the same. */
export function psnrDb(one: Uint8Array, other: Uint8Array): number {
  if (one.length !== other.length) return 0
  let sum = 0
  for (let at = 0; at < one.length; at++) sum += (one[at]! - other[at]!) ** 2
  return sum === 0 ? Infinity : 10 * Math.log10(255 ** 2 / (sum / one.length))
}
