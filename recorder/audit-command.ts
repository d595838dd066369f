import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { Value } from 'typebox/value'
import { verifyPolicy } from '../peer/signed-document.ts'
import { decodeDocument } from '../protocol/codec.ts'
import { Key32, ServicePolicy, SignedDocument } from '../protocol/identity.ts'
import { AuditAnchor } from '../protocol/messages/audit.ts'
import { Refusal } from '../protocol/refusals.ts'
import { verifyAuditFile } from './audit-file.ts'
import { auditSentence } from './audit-verdict.ts'

/** Checks an exported audit log from the command line. */

export const AUDIT_USAGE = `Usage: npm run verify -- --audit FILE (--key CARDKEY | --policy POLICY [--operator-key KEY])
                     [--anchor LINE:HASH]... [--against FILE]

Checks an audit log that the operator command export-audit-log wrote. The service's card key is given itself, or in
its policy; with --operator-key the policy's own signature is checked too. An anchor is the number and hash of a line
that somebody else kept, such as on a receipt. --against names another export of the same log.

Exit code: 0 the log is whole; 1 it is not; 2 it could not be checked.`

const OPTIONS = {
  audit: { type: 'string' },
  key: { type: 'string' },
  policy: { type: 'string' },
  'operator-key': { type: 'string' },
  anchor: { type: 'string', multiple: true },
  against: { type: 'string' },
} as const

class UsageProblem extends Error {}

export interface Output {
  print(sentence: string): void
  complain(sentence: string): void
}

/** Returns the exit code. */
export async function verifyAuditCommand(args: string[], { print, complain }: Output): Promise<number> {
  try {
    const { audit, anchor = [], against, ...given } = argumentsOf(args)
    if (!audit) throw new UsageProblem('Say with --audit which file is to be checked.')
    const { report, otherReport } = await verifyAuditFile(audit, {
      publicKey: cardKeyOf(given),
      anchors: anchor.map(anchorOf),
      ...(against === undefined ? {} : { against }),
    })
    print(auditSentence(report))
    if (otherReport?.ok) print(`The other file by itself is whole: ${otherReport.lines} lines.`)
    else if (otherReport) print(`The other file: ${auditSentence(otherReport)}`)
    return report.ok && (otherReport?.ok ?? true) ? 0 : 1
  } catch (error) {
    if (error instanceof UsageProblem) complain(`${error.message}\n\n${AUDIT_USAGE}`)
    else if (isOfTheFileSystem(error)) complain(`${error.path ?? 'A file'} cannot be read (${error.code}).`)
    else throw error
    return 2
  }
}

function argumentsOf(args: string[]) {
  try {
    return parseArgs({ args, options: OPTIONS }).values
  } catch (error) {
    throw new UsageProblem((error as Error).message)
  }
}

function cardKeyOf(given: { key?: string; policy?: string; 'operator-key'?: string }): string {
  const { key, policy, 'operator-key': operatorKey } = given
  if (key !== undefined && policy !== undefined) throw new UsageProblem('Give --key or --policy, not both.')
  if (![key, operatorKey].every((given) => given === undefined || Value.Check(Key32, given)))
    throw new UsageProblem('A key has 43 letters: 32 bytes in base64url.')
  if (policy !== undefined) return cardKeyIn(policy, operatorKey)
  if (key === undefined) throw new UsageProblem("Give the service's card key with --key, or its --policy.")
  return key
}

function cardKeyIn(path: string, operatorKey: string | undefined): string {
  try {
    const signed = decodeDocument(SignedDocument, readFileSync(path, 'utf8'), 65_536)
    const policy = decodeDocument(ServicePolicy, signed.document, 65_536)
    return operatorKey === undefined
      ? policy.cardKey
      : verifyPolicy(signed, operatorKey, policy.service).cardKey
  } catch (error) {
    if (!(error instanceof Refusal || error instanceof SyntaxError)) throw error
    const isForged = error instanceof Refusal && error.code === 'not-allowed'
    throw new UsageProblem(
      isForged ? `${path} was not signed with that operator key.` : `${path} is not a policy.`,
    )
  }
}

function anchorOf(text: string): AuditAnchor {
  const [, seq, hash] = /^(\d{1,15}):(.*)$/.exec(text) ?? []
  const anchor = { seq: Number(seq), hash }
  if (!Value.Check(AuditAnchor, anchor))
    throw new UsageProblem(`An anchor is the number of a line, a colon and its hash; this is none: ${text}`)
  return anchor
}

function isOfTheFileSystem(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error && 'syscall' in error
}
