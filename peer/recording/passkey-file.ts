import { armor, Decrypter, Encrypter, webauthn } from 'age-encryption'
import { DAMAGED, protectionOf, readIdentityFile, unarmored } from './identity-file.ts'

/**
 * An auditor's key file sealed with a passkey (WebAuthn, extension `prf`; https://www.w3.org/TR/webauthn-3/). In a
 * browser only, and only on pages of the host the passkey was made for. The agent never meets a passkey: what protects
 * the file is one thing, the X25519 key in it, to which recordings are sealed, another.
 */

/** Line before the armor: which passkey it is, so that the browser asks for that one among several. No secret. */
const HINT = '# passkey: '

/** The device has no passkey for this file, the person refused, or it can't do `prf`. */
export class PasskeyRefused extends RangeError {
  override readonly name = 'PasskeyRefused'
}

/**
 * Makes a passkey on the person's device and seals the file's text with it; the person confirms twice. Without the
 * passkey the result opens never again, so a copy of the text belongs into a safe, under a passphrase.
 * @param keyName what the device shows beside the passkey
 * @throws PasskeyRefused
 */
export async function sealWithPasskey(text: string, keyName: string): Promise<string> {
  readIdentityFile(text)
  return answered(async () => {
    const identity = await webauthn.createCredential({ keyName })
    const encrypter = new Encrypter()
    encrypter.addRecipient(new webauthn.WebAuthnRecipient({ identity }))
    return `${HINT}${identity}\n${armor.encode(await encrypter.encrypt(text))}`
  })
}

/**
 * The key in a file that a passkey protects; the person confirms.
 * @throws PasskeyRefused, or a RangeError as `readIdentityFile`
 */
export async function openWithPasskey(text: string): Promise<string> {
  if (protectionOf(text) !== 'passkey')
    throw new RangeError('the key in the file is not protected by a passkey')
  const decrypter = new Decrypter()
  const file = unarmored(text)
  const hint = text.split(/\r?\n/).find((line) => line.startsWith(HINT))
  try {
    decrypter.addIdentity(
      new webauthn.WebAuthnIdentity(hint ? { identity: hint.slice(HINT.length).trim() } : {}),
    )
  } catch (error) {
    throw new RangeError(DAMAGED, { cause: error })
  }
  return readIdentityFile(await answered(() => decrypter.decrypt(file, 'text')))
}

async function answered(work: () => Promise<string>): Promise<string> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof DOMException || /no identity matched|PRF/.test((error as Error).message))
      throw new PasskeyRefused('no passkey of this device opens it, or you did not confirm', { cause: error })
    throw new RangeError(DAMAGED, { cause: error })
  }
}
