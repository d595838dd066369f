import { createReadStream } from 'node:fs'
import { type AuditReport, AuditVerifier } from '../peer/audit/audit-verifier.ts'
import type { AuditAnchor } from '../protocol/messages/audit.ts'
import { type AuditText, auditLinesIn } from './audit-lines.ts'
import { nodeHash } from './node-hash.ts'
import { nodeIsSigned } from './node-signature.ts'

type Chunks = AsyncIterable<Uint8Array>

export interface AuditCheck {
  readonly log: Chunks
  /** The service's card key, Ed25519, in base64url. */
  readonly publicKey: string
  readonly anchors?: readonly AuditAnchor[]
  /** Another export of the same log, older or newer: one of the two must begin as the other. */
  readonly against?: Chunks
}

export interface AuditFileReport {
  readonly report: AuditReport
  /** Of the other file by itself; null where there is none. */
  readonly otherReport: AuditReport | null
}

/**
 * Checks an exported audit log [R7].
 * @throws the error of the file system where a file can't be read
 */
export function verifyAuditFile(
  file: string,
  { against, ...check }: Omit<AuditCheck, 'log' | 'against'> & { readonly against?: string },
): Promise<AuditFileReport> {
  const other = against === undefined ? {} : { against: bytesOf(against) }
  return verifyAuditLog({ ...check, log: bytesOf(file), ...other })
}

/** Opens the file when it is read, so that whoever reads gets the error. */
async function* bytesOf(file: string): AsyncGenerator<Uint8Array> {
  yield* createReadStream(file)
}

/** The same for bytes from anywhere. They are read line by line, so their number does not matter. */
export async function verifyAuditLog(check: AuditCheck): Promise<AuditFileReport> {
  const { log, publicKey, anchors = [], against } = check
  const fast = { publicKey, isExport: true, hash: nodeHash, isSigned: nodeIsSigned() }
  const verifier = new AuditVerifier({ ...fast, anchors })
  if (against === undefined) {
    for await (const line of auditLinesIn(log)) if (!taken(verifier, line)) break
    return { report: verifier.report(), otherReport: null }
  }
  const other = new AuditVerifier(fast)
  const forkedAt = await compare(verifier, auditLinesIn(log), other, auditLinesIn(against))
  const own = verifier.report()
  const isForkFirst = forkedAt !== null && (own.ok || own.seq >= forkedAt)
  const report = isForkFirst ? ({ ok: false, fault: 'fork', seq: forkedAt } as const) : own
  return { report, otherReport: other.report() }
}

const taken = (verifier: AuditVerifier, line: AuditText) =>
  line === null ? verifier.takeUnreadable() : verifier.take(line)

/** Reads both to their ends, side by side. Returns the number of the first line in which they differ. */
async function compare(
  a: AuditVerifier,
  aLines: AsyncGenerator<AuditText>,
  b: AuditVerifier,
  bLines: AsyncGenerator<AuditText>,
): Promise<number | null> {
  let forkedAt: number | null = null
  for (let seq = 1; ; seq++) {
    const [hasA, hasB] = [await takeNext(a, aLines), await takeNext(b, bLines)]
    if (!hasA && !hasB) return forkedAt
    const isSameLine = a.newest.seq === seq && b.newest.seq === seq
    if (isSameLine && a.newest.hash !== b.newest.hash) forkedAt ??= seq
  }
}

/** False at the end, or where what follows does not count any more. */
async function takeNext(verifier: AuditVerifier, lines: AsyncGenerator<AuditText>): Promise<boolean> {
  const { value, done } = await lines.next()
  if (done) return false
  if (taken(verifier, value)) return true
  await lines.return(undefined)
  return false
}
