/**
 * The Damm check digit: it catches every single wrong digit and every swap of neighbours.
 * Source: H. M. Damm, "Total anti-symmetrische Quasigruppen", Marburg 2004; the table is the usual one of order 10.
 */
const QUASIGROUP: readonly string[] = [
  '0317598642',
  '7092154863',
  '4206871359',
  '1750983426',
  '6123045978',
  '3674209581',
  '5869720134',
  '8945362017',
  '9438617205',
  '2581436790',
]

/** The digit to append so that `dammIsValid` holds. `digits` is decimal digits only. */
export function dammDigit(digits: string): string {
  let interim = 0
  for (const digit of digits) interim = Number(QUASIGROUP[interim]![Number(digit)])
  return String(interim)
}

export function dammIsValid(digitsWithCheck: string): boolean {
  return dammDigit(digitsWithCheck) === '0'
}
