import { armor, Decrypter, Encrypter } from 'age-encryption'

/**
 * An auditor's private key as it is kept in a file: one line that starts with `AGE-SECRET-KEY-1`, comments with `#`
 * around it. That text may itself be an armored age file (https://age-encryption.org/v1), sealed with a passphrase or
 * with a passkey (`passkey-file.ts`); `age -d` opens the former.
 */
export type Protection = 'none' | 'passphrase' | 'passkey' | 'other'

const ARMOR = '-----BEGIN AGE ENCRYPTED FILE-----'
export const DAMAGED = 'the key file is damaged: part of it is missing or changed'
/** First line of an age file's first stanza, by kind. */
const STANZA: Readonly<Record<string, Protection>> = {
  scrypt: 'passphrase',
  'age-encryption.org/fido2prf': 'passkey',
}

/** The passphrase does not open the file, or not this one; another try may. */
export class WrongPassphrase extends RangeError {
  override readonly name = 'WrongPassphrase'

  constructor() {
    super('the passphrase does not open it')
  }
}

/** What the holder has to show before the key can be used. `other`: sealed for a key, which we don't read. */
export function protectionOf(text: string): Protection {
  if (!text.includes(ARMOR)) return 'none'
  const header = new TextDecoder('latin1').decode(unarmored(text).subarray(0, 128))
  return STANZA[/\n-> (\S+)/.exec(header)?.[1] ?? ''] ?? 'other'
}

/** The key in a file that nothing protects. Throws a RangeError with a sentence for the person who brought the file. */
export function readIdentityFile(text: string): string {
  if (protectionOf(text) !== 'none') throw new RangeError('the key in the file is protected')
  const lines = text.split(/\r?\n/).map((line) => line.trim())
  const identities = lines.filter((line) => line !== '' && !line.startsWith('#'))
  if (identities.length !== 1)
    throw new RangeError(`expected one key in the file, found ${identities.length}`)
  if (!identities[0]!.startsWith('AGE-SECRET-KEY-1'))
    throw new RangeError('the key in the file does not begin with AGE-SECRET-KEY-1')
  return identities[0]!
}

/**
 * The key in a file that a passphrase protects. Takes about 2 s and 256 MiB (scrypt, N = 2^18), all of it on the
 * calling thread. Throws `WrongPassphrase`, or a RangeError as `readIdentityFile`.
 */
export async function openIdentityFile(text: string, passphrase: string): Promise<string> {
  const protection = protectionOf(text)
  if (protection !== 'passphrase')
    throw new RangeError(`the key in the file is not protected by a passphrase but by: ${protection}`)
  const decrypter = new Decrypter()
  decrypter.addPassphrase(passphrase.normalize('NFC'))
  const file = unarmored(text)
  let inside: string
  try {
    inside = await decrypter.decrypt(file, 'text')
  } catch (error) {
    // The library's words; nothing else tells a wrong passphrase from a file that was changed.
    if ((error as Error).message.startsWith('no identity matched')) throw new WrongPassphrase()
    throw new RangeError(DAMAGED)
  }
  return readIdentityFile(inside)
}

/** The file's text, sealed with a passphrase. As slow as opening it. */
export async function sealIdentityFile(text: string, passphrase: string): Promise<string> {
  const encrypter = new Encrypter()
  // The same letters typed on another keyboard may be other bytes.
  encrypter.setPassphrase(passphrase.normalize('NFC'))
  return armor.encode(await encrypter.encrypt(text))
}

/** The age file in the armor. Throws a RangeError where there is none. */
export function unarmored(text: string): Uint8Array {
  try {
    // Comments may stand before it, as around a plain key.
    return armor.decode(text.slice(text.indexOf(ARMOR)))
  } catch {
    throw new RangeError(DAMAGED)
  }
}
