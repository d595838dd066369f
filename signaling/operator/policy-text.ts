import { decodeDocument } from '../../protocol/codec.ts'
import { ServicePolicy, SIGNING_CONTEXT, SignedDocument } from '../../protocol/identity.ts'
import type { Config } from '../config.ts'
import { dataFolder } from '../data-folder.ts'
import { publicKeyOf, signatureHolds, signingKey } from '../keys/ed25519.ts'
import { readSecretFile } from '../keys/secret-file.ts'
import { OperatorProblem } from './problem.ts'
import type { MadeKeys } from './recording-keys.ts'

const MAX_BYTES = 64 * 1024

/** What the operator does next, after `make-recording-keys`. */
export function afterMakingKeys({ operatorKey, policy, files }: MadeKeys): string {
  return `The keys are made, and the policy is signed for ${policy.service}.

The operator's public key, which the customer's client and the expert's page check against:

  ${operatorKey}

Recordings are kept ${policy.retentionDays} days. Opening one takes one key of group A and one of group B.
Move these off this machine now, each to a different person, and keep a copy of each in a safe:

  ${files.groupAKey}
      to a person of group A, for example the service lead
  ${files.groupBKey}
      to a person of group B, for example data protection
  ${files.operatorKey}
      to you: it signs the next policy, and no other machine needs it

While both group keys lie on this machine, whoever has it can open every recording.
These stay where they are; the service needs them:

  ${files.cardKey}
  ${files.recorderKey}
  ${files.policy}
`
}

export function policyText(config: Config): string {
  const files = dataFolder(config.dataFolder)
  const text = readSecretFile(files.policy)
  if (text === null) throw new OperatorProblem('There is no policy yet. Make one with: make-recording-keys')
  const signed = decodeDocument(SignedDocument, text, MAX_BYTES)
  const policy = decodeDocument(ServicePolicy, signed.document, MAX_BYTES)
  const keys = (group: ServicePolicy['groupA']) =>
    group.map(({ label, recipient }) => `    ${label}: ${recipient}\n`).join('')
  return `Service:      ${policy.service}
Operator:     ${policy.operatorName}
Contact:      ${policy.contact ?? 'none: receipts name the operator alone'}
Signed at:    ${new Date(policy.issuedAtMs).toISOString()}
Kept for:     ${policy.retentionDays} days
Highest level: ${policy.highestLevel ?? 'all'}
Card key:     ${policy.cardKey}
Recorders:
${policy.recorders.map(({ name, key }) => `    ${name}: ${key}\n`).join('')}Group A:
${keys(policy.groupA)}Group B:
${keys(policy.groupB)}Operator key: ${operatorKeyLine(files.operatorKey, signed)}
`
}

function operatorKeyLine(file: string, signed: SignedDocument): string {
  const seed = readSecretFile(file)
  if (seed === null) return 'not on this machine, as it should be'
  const key = publicKeyOf(signingKey(seed))
  return signatureHolds(key, SIGNING_CONTEXT.policy, signed)
    ? `${key} (the signature holds)`
    : `${key} - BUT THE POLICY WAS NOT SIGNED WITH IT`
}
