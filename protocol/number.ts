import { dammDigit, dammIsValid } from './damm.ts'

/** Digits of the secret, drawn in the expert's browser and never sent to a server [N1]. */
export const SECRET_DIGITS = 6
/** Nameplates have 3 digits while few sessions wait, then 4, then 5 [N1]. */
export const NAMEPLATE_DIGITS = { least: 3, most: 5 } as const
/** An unused number ends after this time [N3]. */
export const NUMBER_LIFETIME_MS = 10 * 60 * 1000

export interface SessionNumber {
  readonly nameplate: string
  readonly secret: string
}

export type NumberProblem = 'number-too-short' | 'number-too-long' | 'number-not-digits' | 'number-mistyped'

/** All digits in a row: nameplate, secret, check digit. */
export function numberDigits({ nameplate, secret }: SessionNumber): string {
  return nameplate + secret + dammDigit(nameplate + secret)
}

/** As shown and read aloud: blocks of three from the left, `123 456 789 0` [N1]. */
export function formatNumber(number: SessionNumber): string {
  return numberDigits(number).replace(/(\d{3})(?=\d)/g, '$1 ')
}

/**
 * Reads what a customer typed or pasted. Spaces, dashes, dots and slashes are forgiven; anything the check digit
 * catches is refused here, on the customer's device, before anything is sent [N2].
 */
export function parseNumber(typed: string): SessionNumber | NumberProblem {
  const digits = typed.normalize('NFKC').replace(/[\s\-–—.·/]/g, '')
  if (!/^\d*$/.test(digits)) return 'number-not-digits'
  if (digits.length < NAMEPLATE_DIGITS.least + SECRET_DIGITS + 1) return 'number-too-short'
  if (digits.length > NAMEPLATE_DIGITS.most + SECRET_DIGITS + 1) return 'number-too-long'
  if (!dammIsValid(digits)) return 'number-mistyped'
  const nameplateDigits = digits.length - SECRET_DIGITS - 1
  return { nameplate: digits.slice(0, nameplateDigits), secret: digits.slice(nameplateDigits, -1) }
}

/**
 * Draws a secret without bias: values past the last whole multiple of a million are thrown away.
 * @param random32 a cryptographic source of one unsigned 32-bit number
 */
export function drawSecret(random32: () => number): string {
  const space = 10 ** SECRET_DIGITS
  const limit = 2 ** 32 - (2 ** 32 % space)
  let value = random32()
  while (value >= limit) value = random32()
  return String(value % space).padStart(SECRET_DIGITS, '0')
}
