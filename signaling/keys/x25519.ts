import { createPrivateKey, createPublicKey, randomBytes } from 'node:crypto'

/** RFC 8410: the DER around a raw X25519 secret. */
const PRIVATE_DER = Buffer.from('302e020100300506032b656e04220420', 'hex')

/** A fresh secret of 32 bytes in base64url; RFC 7748 takes any, it is clamped where it is used. */
export const makeX25519Secret = () => randomBytes(32).toString('base64url')

/** @param secret 32 bytes in base64url. Returns the 32 bytes of the public key in base64url. */
export function x25519PublicKey(secret: string): string {
  const raw = Buffer.from(secret, 'base64url')
  if (raw.length !== 32) throw new Error('an X25519 secret must be 32 bytes in base64url')
  const key = createPrivateKey({ key: Buffer.concat([PRIVATE_DER, raw]), format: 'der', type: 'pkcs8' })
  return createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-32).toString('base64url')
}
