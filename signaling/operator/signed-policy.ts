import { decodeDocument } from '../../protocol/codec.ts'
import { ServicePolicy, SIGNING_CONTEXT, SignedDocument } from '../../protocol/identity.ts'
import { Refusal } from '../../protocol/refusals.ts'
import type { DataFolder } from '../data-folder.ts'
import { publicKeyOf, signatureHolds, signDocument, signingKey } from '../keys/ed25519.ts'
import { readSecretFile, replaceFile, writeSecretFile } from '../keys/secret-file.ts'
import { checkGroups } from './key-groups.ts'
import { OperatorProblem } from './problem.ts'

/** What any client takes as a policy; see `verifyPolicy`. */
const MAX_BYTES = 32_768
const MAX_FILE_BYTES = 2 * MAX_BYTES

export interface StoredPolicy {
  readonly signed: SignedDocument
  readonly content: ServicePolicy
}

/** The policy in this data folder. Throws `OperatorProblem` where there is none that can be read. */
export function storedPolicy({ policy: file }: DataFolder): StoredPolicy {
  const text = readSecretFile(file)
  if (text === null) throw new OperatorProblem('There is no policy yet. Make one with: make-recording-keys')
  try {
    const signed = decodeDocument(SignedDocument, text, MAX_FILE_BYTES)
    return { signed, content: decodeDocument(ServicePolicy, signed.document, MAX_BYTES) }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    throw new OperatorProblem(`The policy in ${file} is damaged. Put back a copy of it.`)
  }
}

export interface SignedChange {
  readonly policy: ServicePolicy
  /** Where the policy before is kept: a recording does not say whose keys open it, the policy of its day does. */
  readonly keptAs: string
}

/**
 * Signs a changed policy with the operator key that signed the one before, and puts it into its place. Nothing is
 * written where the key is another one: every client would refuse the policy.
 */
export function signNext(
  files: DataFolder,
  keyFile: string,
  change: (policy: ServicePolicy) => ServicePolicy,
  nowMs: number,
): SignedChange {
  const before = storedPolicy(files)
  const key = operatorKeyIn(keyFile)
  if (!signatureHolds(publicKeyOf(key), SIGNING_CONTEXT.policy, before.signed))
    throw new OperatorProblem(
      `The key in ${keyFile} is not the operator key that signed the policy: every client would refuse a policy ` +
        'signed with it. Nothing was changed.',
    )
  // It grows also where this machine's clock is behind the one that signed before: clients go by it.
  const issuedAtMs = Math.max(nowMs, before.content.issuedAtMs + 1)
  const policy = { ...change(before.content), issuedAtMs }
  const document = checkedDocument(policy)
  const keptAs = `${files.policy}.until-${new Date(issuedAtMs).toISOString().replace(/[:.]/g, '-')}`
  writeSecretFile(keptAs, `${JSON.stringify(before.signed)}\n`)
  replaceFile(files.policy, `${JSON.stringify(signDocument(key, SIGNING_CONTEXT.policy, document))}\n`)
  return { policy, keptAs }
}

/** The policy's text as it is signed. Throws `OperatorProblem` where a client would refuse it. */
export function checkedDocument(policy: ServicePolicy): string {
  checkGroups(policy)
  const document = JSON.stringify(policy)
  try {
    decodeDocument(ServicePolicy, document, MAX_BYTES)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    if (error.code === 'too-large')
      throw new OperatorProblem('The policy would be longer than 32 KB: use shorter labels or fewer keys.')
    throw new OperatorProblem(
      'Names and labels need 1 to 80 characters; recordings are kept 1 to 365 days; a level is view, control or ' +
        'admin; a group has 1 to 64 keys, and there are 1 to 64 recorders. Nothing was changed.',
    )
  }
  return document
}

function operatorKeyIn(file: string) {
  const seed = readSecretFile(file)
  if (seed === null)
    throw new OperatorProblem(
      `The operator key is not in ${file}. Say with --operator-key where it is: on a stick, never on the server.`,
    )
  try {
    return signingKey(seed)
  } catch {
    throw new OperatorProblem(`${file} holds no operator key.`)
  }
}
