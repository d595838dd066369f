import { ed25519 } from '@noble/curves/ed25519.js'
import type { SignedDocument } from '../../protocol/identity.ts'
import { fromBase64Url } from '../base64url.ts'
import { signedBytes } from '../signed-document.ts'

/** True where `publicKey` (base64url) signed this document under this context. A process with a faster one passes it. */
export type IsSigned = (publicKey: string, context: string, signed: SignedDocument) => boolean

export const portableIsSigned: IsSigned = (publicKey, context, { document, signature }) => {
  try {
    // Strict (RFC 8032) rather than ZIP 215: exactly one encoding of a signature is right.
    return ed25519.verify(
      fromBase64Url(signature),
      signedBytes(context, document),
      fromBase64Url(publicKey),
      { zip215: false },
    )
  } catch {
    return false
  }
}
