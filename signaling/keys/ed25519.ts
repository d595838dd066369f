import { createPrivateKey, createPublicKey, type KeyObject, randomBytes, sign, verify } from 'node:crypto'
import type { SignedDocument } from '../../protocol/identity.ts'

/** RFC 8410: the DER around a raw Ed25519 seed and a raw Ed25519 public key. */
const PRIVATE_DER = Buffer.from('302e020100300506032b657004220420', 'hex')
const PUBLIC_DER = Buffer.from('302a300506032b6570032100', 'hex')

/** A fresh 32-byte seed in base64url, as key files hold it. */
export const makeSeed = () => randomBytes(32).toString('base64url')

/** @param seed 32 bytes in base64url. Throws where it is not. */
export function signingKey(seed: string): KeyObject {
  const raw = Buffer.from(seed, 'base64url')
  if (raw.length !== 32) throw new Error('a signing key must be 32 bytes in base64url')
  return createPrivateKey({ key: Buffer.concat([PRIVATE_DER, raw]), format: 'der', type: 'pkcs8' })
}

/** The 32 bytes of the public key in base64url. */
export function publicKeyOf(key: KeyObject): string {
  const der = createPublicKey(key).export({ format: 'der', type: 'spki' })
  return der.subarray(PUBLIC_DER.length).toString('base64url')
}

const signedBytes = (context: string, document: string) =>
  Buffer.concat([Buffer.from(context), Buffer.of(0), Buffer.from(document)])

/** Signs as `SignedDocument` tells; `context` is one of `SIGNING_CONTEXT`. */
export function signDocument(key: KeyObject, context: string, document: string): SignedDocument {
  return { document, signature: sign(null, signedBytes(context, document), key).toString('base64url') }
}

export function signatureHolds(publicKey: string, context: string, signed: SignedDocument): boolean {
  const key = createPublicKey({
    key: Buffer.concat([PUBLIC_DER, Buffer.from(publicKey, 'base64url')]),
    format: 'der',
    type: 'spki',
  })
  return verify(null, signedBytes(context, signed.document), key, Buffer.from(signed.signature, 'base64url'))
}
