import { type Static, Type } from 'typebox'
import { Key32, type SignedDocument } from '../identity.ts'
import { AuditEvent } from './audit-event.ts'

/**
 * The audit log [R7] is a text of lines. Each is a `SignedDocument`, signed with the service's card key under
 * `SIGNING_CONTEXT.audit`, and is written in exactly one way: as `auditLineText` does, in UTF-8, ended by a line feed.
 * The hash of a line is the SHA-256 of these bytes without the line feed, in base64url. `prev` is the hash of the line
 * before. So nobody can change, add, drop or move a line unseen who has not the card key; and whoever has it can't
 * either, where somebody else knows the number and hash of a later line: an *anchor*.
 */

const count = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })

const frame = {
  v: Type.Literal(1),
  /** From 1, without gaps. */
  seq: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
  /** When the line was written. A clock that was set back shows here and is no fault. */
  atMs: count,
  prev: Key32,
}
/** What a service writes. */
export const AuditLine = Type.Object({ ...frame, event: AuditEvent })
export type AuditLine = Static<typeof AuditLine>
/** What a verifier asks of a line: a later version may write events that it does not know. */
export const AuditFrame = Type.Object({ ...frame, event: Type.Object({ t: Type.String({ maxLength: 80 }) }) })
export type AuditFrame = Static<typeof AuditFrame>

/** Signed under `SIGNING_CONTEXT.auditHead`: the service says how far its log went. The last line of every export. */
export const AuditHeadStatement = Type.Object({ v: Type.Literal(1), lines: count, head: Key32, atMs: count })
export type AuditHeadStatement = Static<typeof AuditHeadStatement>

/** A line by its number and hash; `seq` 0 and `AUDIT_GENESIS` before the first. */
export const AuditAnchor = Type.Object({ seq: count, hash: Key32 })
export type AuditAnchor = Static<typeof AuditAnchor>

/** SHA-256 of the text `lotse audit log v1`: what the first line names as the one before. */
export const AUDIT_GENESIS = 'HwzC95avcQyCuQIPpXqfpGzpGARat6b7oUc-qcMtUuQ'

/** Longest line in bytes, without its line feed. */
export const MAX_AUDIT_LINE_BYTES = 65_536

/** The one way in which a line is written. */
export function auditLineText({ document, signature }: SignedDocument): string {
  return JSON.stringify({ document, signature })
}
