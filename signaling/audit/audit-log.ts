import { createHash } from 'node:crypto'
import { SIGNING_CONTEXT, type SignedDocument } from '../../protocol/identity.ts'
import {
  type AuditAnchor,
  type AuditHeadStatement,
  type AuditLine,
  auditLineText,
  MAX_AUDIT_LINE_BYTES,
} from '../../protocol/messages/audit.ts'
import { type AuditEvent, auditEvent } from '../../protocol/messages/audit-event.ts'
import { appendAuditLine, auditHead, type NextLine } from '../../store/audit-log.ts'
import type { Store } from '../../store/store.ts'

export interface AuditLogOptions {
  readonly store: Store
  nowMs(): number
  /** Signs with the card key, whose public half the operator's policy names. */
  sign(context: string, document: string): SignedDocument
}

/** Writes the audit log [R7]. The service and the operator's commands each have one; they share the database. */
export class AuditLog {
  readonly #options: AuditLogOptions

  constructor(options: AuditLogOptions) {
    this.#options = options
  }

  /**
   * Adds a line that is on the disk once this resolves. What must not happen without its line waits for it.
   * @throws StorageFailure where it can't be written; to a caller outside that is `storage-failed`
   */
  append(event: AuditEvent): Promise<AuditAnchor> {
    return appendAuditLine(this.#options.store, this.line(event))
  }

  /** For a transaction of `store/` that does what the line tells: one fsync, and both or neither. */
  line(event: AuditEvent): NextLine {
    // Throws where we made an event that its own schema refuses, before anything is written.
    auditEvent.encode(event)
    const { sign, nowMs } = this.#options
    return ({ seq, hash }) => {
      const line: AuditLine = { v: 1, seq: seq + 1, atMs: nowMs(), prev: hash, event }
      const text = auditLineText(sign(SIGNING_CONTEXT.audit, JSON.stringify(line)))
      if (Buffer.byteLength(text) > MAX_AUDIT_LINE_BYTES)
        throw new RangeError('a line of the audit log is too long')
      return { text, hash: hashOfLine(text) }
    }
  }

  /** Number and hash of the newest line: whoever keeps them can tell later that nothing before was changed. */
  head(): Promise<AuditAnchor> {
    return auditHead(this.#options.store)
  }

  /** The last line of an export. */
  statement({ seq, hash }: AuditAnchor): string {
    const { sign, nowMs } = this.#options
    const statement: AuditHeadStatement = { v: 1, lines: seq, head: hash, atMs: nowMs() }
    return auditLineText(sign(SIGNING_CONTEXT.auditHead, JSON.stringify(statement)))
  }
}

const hashOfLine = (text: string) => createHash('sha256').update(text).digest('base64url')
