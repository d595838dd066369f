import { NAMEPLATE_DIGITS, SECRET_DIGITS } from '../../../protocol/number.ts'

/** What stands in the number field: digits in blocks of three, and where the caret is. Pure. */
export interface FieldContent {
  readonly text: string
  readonly caret: number
}

/** Shortest whole number. */
export const LEAST_DIGITS = NAMEPLATE_DIGITS.least + SECRET_DIGITS + 1
/** Longest number; what is typed beyond is not taken. */
export const MOST_DIGITS = NAMEPLATE_DIGITS.most + SECRET_DIGITS + 1

const onlyDigits = (text: string): string => text.normalize('NFKC').replace(/\D/g, '')

/**
 * Groups what was typed or pasted in blocks of three and keeps the caret behind the same digit. Everything but
 * digits is dropped: people paste numbers with spaces, dashes and a sentence around them.
 */
export function grouped({ text, caret }: FieldContent): FieldContent {
  const digits = onlyDigits(text).slice(0, MOST_DIGITS)
  const digitsBefore = Math.min(onlyDigits(text.slice(0, caret)).length, digits.length)
  const atEnd = digitsBefore === digits.length
  const blocks = digits.replace(/(\d{3})(?=\d)/g, '$1 ')
  return {
    text: blocks,
    caret: atEnd ? blocks.length : digitsBefore + Math.max(0, Math.floor((digitsBefore - 1) / 3)),
  }
}

/** Backspace with the caret behind the space between two blocks takes the digit before it, not the space. */
export function backspace({ text, caret }: FieldContent): FieldContent {
  const kept = text.slice(0, caret).replace(/\d\D*$/, '')
  return grouped({ text: kept + text.slice(caret), caret: kept.length })
}

/** True where something other than digits and the usual separators was typed, e.g. the letter O for a zero. */
export function hasForeignCharacters(text: string): boolean {
  return /[^\d\s\-–—.·/]/.test(text.normalize('NFKC'))
}

export function digitCount(text: string): number {
  return onlyDigits(text).length
}
