import { type Static, Type } from 'typebox'
import { Level } from './level.ts'

/** Unpadded base64url, as in RFC 4648 section 5. */
export const Base64Url = (maxLength: number) => Type.String({ pattern: '^[A-Za-z0-9_-]*$', maxLength })
/** A 32-byte public key or hash in base64url. */
export const Key32 = Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' })
export const SessionId = Type.String({ pattern: '^[A-Za-z0-9_-]{22}$' })
/** Proves to the server, after a lost line, that it is the same end of the same session. */
export const ReattachToken = Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' })

/** A JSON document with a detached Ed25519 signature (RFC 8032) over `context || 0x00 || UTF-8(document)`. */
export const SignedDocument = Type.Object({
  document: Type.String({ maxLength: 32_768 }),
  signature: Type.String({ pattern: '^[A-Za-z0-9_-]{86}$' }),
})
export type SignedDocument = Static<typeof SignedDocument>

/** The contexts that keep one kind of signature from being taken for another. */
export const SIGNING_CONTEXT = {
  card: 'lotse expert card v1',
  policy: 'lotse service policy v1',
  closing: 'lotse recording closing v1',
  audit: 'lotse audit line v1',
  auditHead: 'lotse audit head v1',
  receipt: 'lotse receipt v1',
  countersignature: 'lotse receipt countersignature v1',
} as const

/** Who the expert is, from the login, signed by the service for this one session [T3]. */
export const ExpertCard = Type.Object({
  v: Type.Literal(1),
  sessionId: SessionId,
  name: Type.String({ minLength: 1, maxLength: 80 }),
  team: Type.String({ maxLength: 80 }),
  issuedAtMs: Type.Integer({ minimum: 0 }),
})
export type ExpertCard = Static<typeof ExpertCard>

/** One of the people who can open recordings together; `recipient` is an age X25519 recipient. */
export const RecordingKey = Type.Object({
  label: Type.String({ minLength: 1, maxLength: 80 }),
  recipient: Type.String({ pattern: '^age1[a-z0-9]{58}$' }),
})
export type RecordingKey = Static<typeof RecordingKey>

/**
 * What the operator vouches for with the operator key, which clients pin: where the service is, which recorder
 * may hold recordings, who can open them and how long they are kept. A server cannot change any of it unseen.
 */
export const ServicePolicy = Type.Object({
  v: Type.Literal(1),
  service: Type.String({ pattern: '^https?://[^/]+$', maxLength: 255 }),
  operatorName: Type.String({ minLength: 1, maxLength: 80 }),
  /** Whom a customer asks about a recording: an address or a number, as they would use it. */
  contact: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
  issuedAtMs: Type.Integer({ minimum: 0 }),
  retentionDays: Type.Integer({ minimum: 1, maximum: 365 }),
  /** No level above this one may be granted here; all where it is not set [C6]. */
  highestLevel: Type.Optional(Level),
  /** Ed25519 key that signs expert cards. */
  cardKey: Key32,
  recorders: Type.Array(Type.Object({ name: Type.String({ minLength: 1, maxLength: 80 }), key: Key32 }), {
    minItems: 1,
    maxItems: 64,
  }),
  groupA: Type.Array(RecordingKey, { minItems: 1, maxItems: 64 }),
  groupB: Type.Array(RecordingKey, { minItems: 1, maxItems: 64 }),
})
export type ServicePolicy = Static<typeof ServicePolicy>
