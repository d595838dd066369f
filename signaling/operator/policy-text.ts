import { type RecordingKey, SIGNING_CONTEXT, type SignedDocument } from '../../protocol/identity.ts'
import { fingerprintOf } from '../../protocol/recording-key.ts'
import type { Config } from '../config.ts'
import { dataFolder } from '../data-folder.ts'
import { publicKeyOf, signatureHolds, signingKey } from '../keys/ed25519.ts'
import { readSecretFile } from '../keys/secret-file.ts'
import { warningsFor } from './policy-warnings.ts'
import type { MadeKeys } from './recording-keys.ts'
import { storedPolicy } from './signed-policy.ts'

/** What the operator does next, after `make-recording-keys`. */
export function afterMakingKeys({ operatorKey, policy, files, madeGroups }: MadeKeys): string {
  const group = (name: 'A' | 'B', file: string, example: string) =>
    madeGroups.includes(name) ? `  ${file}\n      to a person of group ${name}, for example ${example}\n` : ''
  const alone =
    madeGroups.length === 2
      ? '\nWhile both group keys lie on this machine, whoever has it can open every recording.\n'
      : ''
  return `The keys are made, and the policy is signed for ${policy.service}.

The operator's public key, which the customer's client and the expert's page check against:

  ${operatorKey}

Recordings are kept ${policy.retentionDays} days. Opening one takes one key of group A and one of group B.
Move these off this machine now, each to a different person, and keep a copy of each in a safe:

${group('A', files.groupAKey, 'the service lead')}${group('B', files.groupBKey, 'data protection')}  ${files.operatorKey}
      to you: it signs the next policy, and no other machine needs it
${alone}These stay where they are; the service needs them:

  ${files.cardKey}
  ${files.recorderKey}
  ${files.policy}

A group can have more keys: see add-recording-key. With one key in a group, its loss shuts every recording.
`
}

export function policyText(config: Config): string {
  const files = dataFolder(config.dataFolder)
  const { signed, content: policy } = storedPolicy(files)
  const warnings = warningsFor(policy, config.dataFolder).map((warning) => `Warning: ${warning}\n`)
  return `Service:      ${policy.service}
Operator:     ${shown(policy.operatorName)}
Contact:      ${policy.contact === undefined ? 'none: receipts name the operator alone' : shown(policy.contact)}
Signed at:    ${new Date(policy.issuedAtMs).toISOString()}
Kept for:     ${policy.retentionDays} days
Highest level: ${policy.highestLevel ?? 'all'}
Card key:     ${policy.cardKey}
Recorders:
${policy.recorders.map(({ name, key }) => `    ${shown(name)}: ${key}\n`).join('')}Group A:
${keyLines(policy.groupA)}Group B:
${keyLines(policy.groupB)}Operator key: ${operatorKeyLine(files.operatorKey, signed)}
${warnings.join('')}`
}

const keyLines = (group: readonly RecordingKey[]) =>
  group
    .map(
      ({ label, recipient }) => `    ${shown(label)}  (${fingerprintOf(recipient)})\n        ${recipient}\n`,
    )
    .join('')

/** A policy of an earlier version may hold a label that moves the cursor. */
const shown = (text: string) => text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, '\u{fffd}')

function operatorKeyLine(file: string, signed: SignedDocument): string {
  const seed = readSecretFile(file)
  if (seed === null) return 'not on this machine, as it should be'
  const key = publicKeyOf(signingKey(seed))
  return signatureHolds(key, SIGNING_CONTEXT.policy, signed)
    ? `${key} (the signature holds)`
    : `${key} - BUT THE POLICY WAS NOT SIGNED WITH IT`
}
