import type { TSchema } from 'typebox'
import { Value } from 'typebox/value'
import { SIGNING_CONTEXT, type SignedDocument } from '../../protocol/identity.ts'
import {
  AUDIT_GENESIS,
  type AuditAnchor,
  AuditFrame,
  AuditHeadStatement,
  auditLineText,
  MAX_AUDIT_LINE_BYTES,
} from '../../protocol/messages/audit.ts'
import { toBase64Url } from '../base64url.ts'
import { utf8 } from '../cpace.ts'
import { type Hash, portableHash } from '../recording/hash.ts'
import { type IsSigned, portableIsSigned } from './is-signed.ts'

/**
 * Checks an audit log [R7] line by line with the service's public key alone. What the lines cannot show by
 * themselves: whether the end was cut, and whether the service itself wrote another log with the same beginning.
 * Anchors show that: the number and hash of a line, kept by somebody else.
 */

export const AUDIT_FAULTS = [
  /** Not written in the one way in which lines are written. */
  'malformed',
  /** Changed, or not signed by this service. */
  'bad-signature',
  /** Signed, but a line is missing, doubled or not in its place. */
  'wrong-seq',
  /** Signed and numbered, but it does not continue the line before: two logs were put together. */
  'broken-link',
  /** Another line stands where an anchor is; the two logs part here or earlier. */
  'fork',
  /** This line is missing: an anchor or the statement knows of it, or the statement itself is not there. */
  'cut',
  /** It stands behind the statement of the end, or the statement does not count it. */
  'after-end',
] as const
export type AuditFaultKind = (typeof AUDIT_FAULTS)[number]

/** `seq`: number of the first line that does not fit, counted from 1 as it stands. The statement counts as the next. */
export interface AuditFault {
  readonly fault: AuditFaultKind
  readonly seq: number
}

export type AuditReport =
  | {
      readonly ok: true
      /** How many, without the statement. */
      readonly lines: number
      /** Hash of the last line; `AUDIT_GENESIS` where there is none. */
      readonly head: string
      /** The signed word on how far it goes, where the log ends with one. */
      readonly statement: AuditHeadStatement | null
    }
  | ({ readonly ok: false } & AuditFault)

export interface AuditVerifierOptions {
  /** The service's card key, Ed25519, in base64url. */
  readonly publicKey: string
  readonly anchors?: readonly AuditAnchor[]
  /** An export ends with a statement; one without was cut. False for lines that come in another way. */
  readonly isExport?: boolean
  readonly hash?: Hash
  readonly isSigned?: IsSigned
}

/** Takes lines in order, without their line feed, and keeps the first fault. */
export class AuditVerifier {
  readonly #options: AuditVerifierOptions
  readonly #hash: Hash
  readonly #isSigned: IsSigned
  readonly #anchors: ReadonlyMap<number, readonly string[]>
  #lines = 0
  #head: string = AUDIT_GENESIS
  #statement: AuditHeadStatement | null = null
  #fault: AuditFault | null = null

  constructor(options: AuditVerifierOptions) {
    this.#options = options
    this.#hash = options.hash ?? portableHash
    this.#isSigned = options.isSigned ?? portableIsSigned
    const anchors = options.anchors ?? []
    this.#anchors = new Map(
      anchors.map(({ seq }) => [seq, anchors.filter((one) => one.seq === seq).map(({ hash }) => hash)]),
    )
    this.#fault = this.#faultAgainstAnchors()
  }

  /** Number and hash of the last line that fits. */
  get newest(): AuditAnchor {
    return { seq: this.#lines, hash: this.#head }
  }

  /** False once there is a fault: nothing that follows can change the report. */
  take(text: string): boolean {
    this.#fault ??= this.#faultOf(text)
    return this.#fault === null
  }

  /** Where a line could not even be read as text. */
  takeUnreadable(): boolean {
    this.#fault ??= this.#here('malformed')
    return false
  }

  report(): AuditReport {
    const fault = this.#fault ?? this.#faultAtEnd()
    return fault
      ? { ok: false, ...fault }
      : { ok: true, lines: this.#lines, head: this.#head, statement: this.#statement }
  }

  /** Takes the line where it fits. */
  #faultOf(text: string): AuditFault | null {
    const signed = signedDocumentIn(text)
    if (!signed) return this.#here('malformed')
    if (this.#statement) return this.#here('after-end')
    if (this.#isGenuine(SIGNING_CONTEXT.audit, signed)) return this.#faultOfLine(text, signed.document)
    if (this.#isGenuine(SIGNING_CONTEXT.auditHead, signed)) return this.#faultOfStatement(signed.document)
    return this.#here('bad-signature')
  }

  #faultOfLine(text: string, document: string): AuditFault | null {
    const frame = documentAs(AuditFrame, document)
    if (!frame) return this.#here('malformed')
    if (frame.seq !== this.#lines + 1) return this.#here('wrong-seq')
    if (frame.prev !== this.#head) return this.#here('broken-link')
    this.#lines += 1
    this.#head = toBase64Url(this.#hash(utf8(text)))
    return this.#faultAgainstAnchors()
  }

  #faultOfStatement(document: string): AuditFault | null {
    const statement = documentAs(AuditHeadStatement, document)
    if (!statement) return this.#here('malformed')
    if (statement.lines > this.#lines) return this.#here('cut')
    if (statement.lines < this.#lines) return { fault: 'after-end', seq: statement.lines + 1 }
    if (statement.head !== this.#head) return { fault: 'fork', seq: this.#lines }
    this.#statement = statement
    return null
  }

  #faultAgainstAnchors(): AuditFault | null {
    const hashes = this.#anchors.get(this.#lines) ?? []
    return hashes.some((hash) => hash !== this.#head) ? { fault: 'fork', seq: this.#lines } : null
  }

  #faultAtEnd(): AuditFault | null {
    const isKnownLonger = [...this.#anchors.keys()].some((seq) => seq > this.#lines)
    const lacksStatement = (this.#options.isExport ?? false) && !this.#statement
    return isKnownLonger || lacksStatement ? { fault: 'cut', seq: this.#lines + 1 } : null
  }

  #isGenuine(context: string, signed: SignedDocument): boolean {
    return this.#isSigned(this.#options.publicKey, context, signed)
  }

  #here(fault: AuditFaultKind): AuditFault {
    return { fault, seq: this.#lines + (this.#statement ? 2 : 1) }
  }
}

/** Half a character: UTF-8 has no bytes for it, and would write it like another one. */
const LONE_SURROGATE = /\p{Surrogate}/u
const SIGNATURE = /^[A-Za-z0-9_-]{85}[AQgw]$/

/** Null unless this is the one way to write it: then no byte of a line can change without changing its content. */
function signedDocumentIn(text: string): SignedDocument | null {
  if (text.length > MAX_AUDIT_LINE_BYTES || utf8(text).length > MAX_AUDIT_LINE_BYTES) return null
  const value = parsed(text)
  if (typeof value !== 'object' || value === null) return null
  const { document, signature } = value as Partial<SignedDocument>
  if (typeof document !== 'string' || typeof signature !== 'string') return null
  // 64 bytes leave four bits of the last letter unused; they are zero.
  if (LONE_SURROGATE.test(document) || !SIGNATURE.test(signature)) return null
  return auditLineText({ document, signature }) === text ? { document, signature } : null
}

function documentAs<Schema extends TSchema>(schema: Schema, document: string) {
  const value = parsed(document)
  return Value.Check(schema, value) ? value : null
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
