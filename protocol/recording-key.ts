/** What could move a reader's cursor, break a line, or hide or reorder text: controls, lone surrogates, bidi marks. */
const UNREADABLE =
  /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u{200b}\u{200e}\u{200f}\u{061c}\u{202a}-\u{202e}\u{2066}-\u{2069}\u{feff}]/u
const MOST_CHARACTERS = 80

/**
 * A name or label as a policy may carry it: in NFC, without blanks around it, so that the same name typed on two
 * keyboards is the same text. Undefined where it is empty, longer than 80 characters or not plainly readable.
 */
export function plainName(text: string): string | undefined {
  const name = text.normalize('NFC').trim()
  return name === '' || name.length > MOST_CHARACTERS || UNREADABLE.test(name) ? undefined : name
}

/** For the person whose name was refused. */
export const NAME_RULE = `1 to ${MOST_CHARACTERS} characters on one line, without control characters`

const FINGERPRINT_LETTERS = 16
const HRP = 'age1'

/**
 * What two people compare by voice: the first 16 letters of the public key itself, in fours. 5 bits each: a key that
 * shares them with another one takes 2^80 attempts. Bech32 has no 1, b, i and o to be misread (BIP 173).
 * @param recipient `age1…`
 */
export function fingerprintOf(recipient: string): string {
  const letters = recipient.slice(HRP.length, HRP.length + FINGERPRINT_LETTERS)
  return letters.match(/.{1,4}/g)?.join(' ') ?? ''
}
