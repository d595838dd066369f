import { ed25519 } from '@noble/curves/ed25519.js'
import { concatBytes } from '@noble/hashes/utils.js'
import type { Static, TSchema } from 'typebox'
import { decodeDocument } from '../protocol/codec.ts'
import { ExpertCard, ServicePolicy, SIGNING_CONTEXT, type SignedDocument } from '../protocol/identity.ts'
import { Refusal } from '../protocol/refusals.ts'
import { fromBase64Url } from './base64url.ts'
import { utf8 } from './cpace.ts'

/** Bytes that an Ed25519 signature over a document covers. */
export function signedBytes(context: string, document: string): Uint8Array {
  return concatBytes(utf8(context), Uint8Array.of(0), utf8(document))
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
