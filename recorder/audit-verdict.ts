import type { AuditFaultKind, AuditReport } from '../peer/audit/audit-verifier.ts'

const FAULT_SENTENCE: Record<AuditFaultKind, (seq: number) => string> = {
  malformed: (seq) => `line ${seq} is not written as a line of an audit log, or does not end as one`,
  'bad-signature': (seq) => `line ${seq} was changed, or this service did not sign it`,
  'wrong-seq': (seq) => `line ${seq} is missing, doubled or not in its place`,
  'broken-link': (seq) =>
    `line ${seq} does not continue line ${seq - 1}: parts of two logs were put together`,
  fork: (seq) =>
    `line ${seq} is another one than was known: the service wrote two logs, which part there or earlier`,
  cut: (seq) => `it was CUT: line ${seq} is missing and was there, or the signed end is missing`,
  'after-end': (seq) => `line ${seq} stands behind the signed end`,
}

/** For a person who never heard of hashes. */
export function auditSentence(report: AuditReport): string {
  if (!report.ok) return `The audit log is BROKEN: ${FAULT_SENTENCE[report.fault](report.seq)}.`
  const { lines, head, statement } = report
  const until = statement ? ` as of ${new Date(statement.atMs).toISOString()}` : ''
  return (
    `The audit log is whole: ${lines} lines, each signed and continuing the one before, up to the signed end${until}. ` +
    `Keep this anchor to check a later log against: ${lines}:${head}`
  )
}
