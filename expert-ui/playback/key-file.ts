import { armor, Decrypter } from 'age-encryption'
import { readIdentityFile } from '../../peer/recording/identity-file.ts'

/** Why what was brought cannot be tried as a key. */
export const KEY_FILE_PROBLEMS = [
  'not-a-key',
  'needs-passphrase',
  'wrong-passphrase',
  'not-by-passphrase',
] as const
export type KeyFileProblem = (typeof KEY_FILE_PROBLEMS)[number]

const MOST_BYTES = 64 * 1024
const ARMOR_BEGINS = '-----BEGIN AGE ENCRYPTED FILE-----'
const AGE_BEGINS = 'age-encryption.org/v1\n'
const PASSPHRASE_BEGINS = `${AGE_BEGINS}-> scrypt `
/** The work that opening may take, as a power of two: the age program writes 18. More would only hang the page. */
const MOST_WORK = 20

export type ReadKey = { readonly identity: string } | { readonly problem: KeyFileProblem }

/**
 * The key in a key file: as `lotse operator` and age-keygen write it, or such a file encrypted with a passphrase,
 * armored or not (https://age-encryption.org/v1).
 */
export async function readKey(file: Uint8Array, passphrase: string | null): Promise<ReadKey> {
  if (file.length > MOST_BYTES) return { problem: 'not-a-key' }
  const text = textOf(file)
  const isArmored = text.trimStart().startsWith(ARMOR_BEGINS)
  if (!isArmored && !text.startsWith(AGE_BEGINS)) return identityIn(text)
  let sealed = file
  try {
    if (isArmored) sealed = armor.decode(text.trim())
  } catch {
    return { problem: 'not-a-key' }
  }
  const head = textOf(sealed.subarray(0, 200))
  if (!head.startsWith(PASSPHRASE_BEGINS)) return { problem: 'not-by-passphrase' }
  const work = Number(/^-> scrypt \S+ (\d{1,2})$/m.exec(head)?.[1])
  if (!(work <= MOST_WORK)) return { problem: 'not-a-key' }
  if (passphrase === null) return { problem: 'needs-passphrase' }
  const decrypter = new Decrypter()
  decrypter.addPassphrase(passphrase)
  try {
    const opened = await decrypter.decrypt(sealed)
    const read = identityIn(textOf(opened))
    opened.fill(0)
    return read
  } catch {
    return { problem: 'wrong-passphrase' }
  }
}

function identityIn(text: string): ReadKey {
  try {
    return { identity: readIdentityFile(text) }
  } catch {
    return { problem: 'not-a-key' }
  }
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes)
}
