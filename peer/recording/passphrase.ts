/**
 * Least length in characters: NIST SP 800-63B-4 asks 15 of a password that stands alone. A stolen key file can be
 * tried without limit, but each guess takes about 1 s of a core and 256 MiB (scrypt, N = 2^18): a sentence that
 * somebody thought up, of 40 bits, keeps a thousand cores busy for 17 years on average.
 */
const LEAST_CHARACTERS = 15
/** Keeps out one letter held down and short patterns repeated. */
const LEAST_DIFFERENT = 8

/** What is wrong with it, as a sentence for whoever chose it; undefined where it may protect a key. */
export function passphraseProblem(passphrase: string): string | undefined {
  const characters = [...passphrase.normalize('NFC')]
  if (characters.length >= LEAST_CHARACTERS && new Set(characters).size >= LEAST_DIFFERENT) return undefined
  return (
    `A passphrase needs at least ${LEAST_CHARACTERS} characters, ${LEAST_DIFFERENT} of them different. ` +
    'Five words drawn at random are easy to remember and hard to guess.'
  )
}
