import { randomInt } from 'node:crypto'

/** Without what looks or sounds alike: no 0 or o, 1 or l or i. */
const LETTERS = 'abcdefghjkmnpqrstuvwxyz23456789'

/** Four groups of four, `k7wd-…`: 79 bits, to be read from paper and typed once. */
export function readablePassword(): string {
  const group = () => Array.from({ length: 4 }, () => LETTERS[randomInt(LETTERS.length)]).join('')
  return Array.from({ length: 4 }, group).join('-')
}
