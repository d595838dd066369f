import { ed25519 } from '@noble/curves/ed25519.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { concatBytes } from '@noble/hashes/utils.js'
import type { Static, TSchema } from 'typebox'
import { decodeDocument } from '../protocol/codec.ts'
import { ExpertCard, ServicePolicy, SIGNING_CONTEXT, type SignedDocument } from '../protocol/identity.ts'
import { Refusal } from '../protocol/refusals.ts'
import { fromBase64Url, toBase64Url } from './base64url.ts'
import { utf8 } from './cpace.ts'

/** Bytes that an Ed25519 signature over a document covers. */
export function signedBytes(context: string, document: string): Uint8Array {
  return concatBytes(utf8(context), Uint8Array.of(0), utf8(document))
}

export function signDocument(context: string, document: string, secretKey: Uint8Array): SignedDocument {
  return { document, signature: toBase64Url(ed25519.sign(signedBytes(context, document), secretKey)) }
}

/** SHA-256 in base64url over `document | 0x00 | signature`, both as they stand there in UTF-8. */
export function documentHash({ document, signature }: SignedDocument): string {
  return toBase64Url(sha256(signedBytes(document, signature)))
}

/**
 * Strict, for what is kept as evidence: RFC 8032 rather than ZIP 215, and one spelling alone of the signature's 64
 * bytes, so that no change to it goes unseen.
 */
export function signatureIsExact(context: string, signed: SignedDocument, publicKey: string): boolean {
  try {
    const signature = fromBase64Url(signed.signature)
    if (toBase64Url(signature) !== signed.signature) return false
    const message = signedBytes(context, signed.document)
    return ed25519.verify(signature, message, fromBase64Url(publicKey), { zip215: false })
  } catch {
    return false
  }
}

/**
 * The service's policy, if the operator key that this client pins signed it for this service.
 * @param operatorKey Ed25519 public key in base64url
 * @param sinceMs policies signed before are refused: a server could go on showing one that names a stolen key
 * Throws `Refusal('not-allowed')` on a wrong signature, service or age, `Refusal('malformed')` on a wrong form.
 */
export function verifyPolicy(
  signed: SignedDocument,
  operatorKey: string,
  service: string,
  sinceMs = 0,
): ServicePolicy {
  const policy = verified(ServicePolicy, SIGNING_CONTEXT.policy, signed, operatorKey)
  if (policy.service !== service || policy.issuedAtMs < sinceMs) throw new Refusal('not-allowed')
  return policy
}

/** Who the expert is, if the service's card key signed it for this session [T3]. Throws as `verifyPolicy`. */
export function verifyCard(signed: SignedDocument, cardKey: string, sessionId: string): ExpertCard {
  const card = verified(ExpertCard, SIGNING_CONTEXT.card, signed, cardKey)
  if (card.sessionId !== sessionId) throw new Refusal('not-allowed')
  return card
}

function verified<Schema extends TSchema>(
  schema: Schema,
  context: string,
  signed: SignedDocument,
  publicKey: string,
): Static<Schema> {
  const isGenuine = ed25519.verify(
    fromBase64Url(signed.signature),
    signedBytes(context, signed.document),
    fromBase64Url(publicKey),
  )
  if (!isGenuine) throw new Refusal('not-allowed')
  return decodeDocument(schema, signed.document, 32_768)
}
