import { type Static, Type } from 'typebox'
import { CONSENT_EVENTS } from '../consent.ts'
import { EndReason } from '../end-reason.ts'
import { Key32, SessionId, SignedDocument } from '../identity.ts'
import { Role, Subject } from '../level.ts'
import { AuditAnchor } from './audit.ts'

/**
 * What the customer keeps of a session [R5]. The agent makes it in the moment in which it closes the recording, and
 * signs it with the session's own key, the one that signs the closing. The service is shown its hash and nothing else.
 */

/** Largest receipt, its text in UTF-8. A question and its answer take about 150 bytes. */
export const MAX_RECEIPT_BYTES = 512 * 1024
/** Longest wait for the service's countersignature; a dead line must not keep the customer waiting. */
export const COUNTERSIGN_MS = 2_000
/** So long after its end the receipt of a session can still be countersigned. */
export const COUNTERSIGN_AFTER_END_MS = 30_000

const atMs = Type.Integer({ minimum: 0 })
const count = Type.Integer({ minimum: 0 })
const Person = Type.Object({
  name: Type.String({ minLength: 1, maxLength: 80 }),
  team: Type.String({ maxLength: 80 }),
})
/** As the consent record with the same time in the recording. */
const ConsentNote = Type.Object({ atMs, event: Type.Enum(CONSENT_EVENTS), subject: Subject })
export type ConsentNote = Static<typeof ConsentNote>
/** The first `entries` entries of the chain, and the hash of the last of them. */
const ChainHead = Type.Object({ entries: Type.Integer({ minimum: 1 }), head: Key32 })
export type ChainHead = Static<typeof ChainHead>

/** Times are of the customer's device, ms since the epoch. A hash of a signed document is `documentHash`'s. */
export const Receipt = Type.Object({
  v: Type.Literal(1),
  /** Origin of the service. */
  service: Type.String({ maxLength: 255 }),
  operatorName: Type.String({ minLength: 1, maxLength: 80 }),
  /** Whom to ask, as the policy says it. */
  contact: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
  /** Also the recording's number. */
  sessionId: SessionId,
  expert: Person,
  startedAtMs: atMs,
  endedAtMs: atMs,
  ended: Type.Object({ reason: EndReason, by: Type.Union([Role, Type.Null()]) }),
  /** Everything asked, granted, declined and ended, in order [C7]. */
  consent: Type.Array(ConsentNote, { maxItems: 5000 }),
  /** `takeOvers`: how often the customer's hands took mouse and keyboard from the expert. */
  control: Type.Object({ takeOvers: count, expertHeldMs: count }),
  /** None: this version has no way to transfer a file. */
  files: Type.Array(Type.Unknown(), { maxItems: 0 }),
  /** None: this version has no way to get administrator rights. */
  elevations: Type.Array(Type.Unknown(), { maxItems: 0 }),
  /** The whole chain with its closing, the hash of its header, and how far a recorder had confirmed it by then. */
  recording: Type.Object({
    ...ChainHead.properties,
    header: Key32,
    acknowledged: Type.Union([ChainHead, Type.Null()]),
  }),
  /** Ed25519 key that signs this receipt and the recording's closing. */
  signKey: Key32,
  /** The recording is deleted by then. */
  retention: Type.Object({ days: Type.Integer({ minimum: 1 }), untilMs: atMs }),
  /** Hashes of the signed card and policy that the file carries. */
  card: Key32,
  policy: Key32,
  /** SHA-256 of the file's readable part: `page before the data | 0x00 | page behind it`. */
  page: Key32,
})
export type Receipt = Static<typeof Receipt>
/** What a readable page is made of. */
export type ReceiptFacts = Omit<Receipt, 'page'>

/** By the card key: a client of this session showed the service a receipt with this hash, at this time of its clock. */
export const Countersignature = Type.Object({
  v: Type.Literal(1),
  sessionId: SessionId,
  receipt: Key32,
  atMs,
  /** Newest line of the service's audit log then: whoever keeps the receipt keeps an anchor of that log [R7]. */
  audit: Type.Union([AuditAnchor, Type.Null()]),
})
export type Countersignature = Static<typeof Countersignature>

/** What a receipt's file carries as data: everything that a verifier needs. */
export const ReceiptBundle = Type.Object({
  receipt: Type.Object({
    ...SignedDocument.properties,
    document: Type.String({ maxLength: MAX_RECEIPT_BYTES }),
  }),
  /** Null where the service could not be reached in time. */
  countersignature: Type.Union([SignedDocument, Type.Null()]),
  card: SignedDocument,
  policy: SignedDocument,
})
export type ReceiptBundle = Static<typeof ReceiptBundle>
