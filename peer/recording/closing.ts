import { ed25519 } from '@noble/curves/ed25519.js'
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js'
import { SIGNING_CONTEXT } from '../../protocol/identity.ts'
import { fromBase64Url } from '../base64url.ts'

/** The signature that ends a recording; what it covers is told in `protocol/messages/entry.ts`. RFC 8032, 64 bytes. */
export function signClosing(sessionId: string, headerBytes: Uint8Array, secretKey: Uint8Array): Uint8Array {
  return ed25519.sign(closingBytes(sessionId, headerBytes), secretKey)
}

/** @param signKey the session's Ed25519 public key in base64url, from the recording's header */
export function closingIsGenuine(
  sessionId: string,
  headerBytes: Uint8Array,
  signature: Uint8Array,
  signKey: string,
): boolean {
  if (signature.length !== 64) return false
  try {
    const publicKey = fromBase64Url(signKey)
    // Strict (RFC 8032) rather than ZIP 215: exactly one encoding of a signature is right.
    return ed25519.verify(signature, closingBytes(sessionId, headerBytes), publicKey, { zip215: false })
  } catch {
    return false
  }
}

function closingBytes(sessionId: string, headerBytes: Uint8Array): Uint8Array {
  const zero = Uint8Array.of(0)
  return concatBytes(utf8ToBytes(SIGNING_CONTEXT.closing), zero, utf8ToBytes(sessionId), zero, headerBytes)
}
