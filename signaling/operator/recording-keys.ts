import { existsSync, renameSync } from 'node:fs'
import { generateX25519Identity, identityToRecipient } from 'age-encryption'
import { Value } from 'typebox/value'
import { type RecordingKey, ServicePolicy, SIGNING_CONTEXT } from '../../protocol/identity.ts'
import type { Level } from '../../protocol/level.ts'
import type { Config } from '../config.ts'
import { type DataFolder, dataFolder, makeFolders } from '../data-folder.ts'
import { makeSeed, publicKeyOf, signDocument, signingKey } from '../keys/ed25519.ts'
import { readOrMakeSecret, writeSecretFile } from '../keys/secret-file.ts'
import { makeX25519Secret, x25519PublicKey } from '../keys/x25519.ts'
import { OperatorProblem } from './problem.ts'

export interface RecordingKeyOptions {
  readonly operatorName?: string
  /** Whom customers ask about a recording; it stands on their receipts. */
  readonly contact?: string
  readonly retentionDays?: number
  /** No level above it can be granted; all where it is not set. */
  readonly highestLevel?: Level
  /** Makes new keys where there are some; the old files are kept beside the new ones. */
  readonly force?: boolean
  readonly labelA?: string
  readonly labelB?: string
  readonly nowMs?: number
}

export interface MadeKeys {
  /** 32 bytes in base64url; clients pin it. */
  readonly operatorKey: string
  readonly policy: ServicePolicy
  readonly files: DataFolder
}

/** Makes the first keys of each kind and signs the policy that names them [R4]. */
export async function makeRecordingKeys(
  config: Config,
  options: RecordingKeyOptions = {},
): Promise<MadeKeys> {
  const { nowMs = Date.now(), retentionDays = 90, labelA = 'Group A', labelB = 'Group B' } = options
  const { operatorName = new URL(config.origin).hostname } = options
  const files = dataFolder(config.dataFolder)
  makeFolders(config.dataFolder, ['signaling', 'recorder', 'operator'])
  const { operatorKey, groupAKey, groupBKey } = files
  const seed = makeSeed()
  const [a, b] = await Promise.all([makeGroupKey(labelA), makeGroupKey(labelB)])
  const policy: ServicePolicy = {
    v: 1,
    service: config.origin,
    operatorName,
    ...(options.contact === undefined ? {} : { contact: options.contact }),
    issuedAtMs: nowMs,
    retentionDays,
    ...(options.highestLevel === undefined ? {} : { highestLevel: options.highestLevel }),
    cardKey: publicKeyOf(signingKey(readOrMakeSecret(files.cardKey, makeSeed))),
    recorders: [
      { name: 'Recorder', key: x25519PublicKey(readOrMakeSecret(files.recorderKey, makeX25519Secret)) },
    ],
    groupA: [a.key],
    groupB: [b.key],
  }
  if (!Value.Check(ServicePolicy, policy))
    throw new OperatorProblem(
      'Names and labels need 1 to 80 characters, a contact 1 to 200; recordings are kept 1 to 365 days; a level is view, control or admin.',
    )
  keepOld([operatorKey, groupAKey, groupBKey, files.policy], options.force ?? false, nowMs)

  const signed = signDocument(signingKey(seed), SIGNING_CONTEXT.policy, JSON.stringify(policy))
  writeSecretFile(operatorKey, `${seed}\n`)
  writeSecretFile(groupAKey, a.file)
  writeSecretFile(groupBKey, b.file)
  // Last: as soon as it is there, sessions can start.
  writeSecretFile(files.policy, `${JSON.stringify(signed)}\n`)
  return { operatorKey: publicKeyOf(signingKey(seed)), policy, files }
}

async function makeGroupKey(label: string): Promise<{ key: RecordingKey; file: string }> {
  const identity = await generateX25519Identity()
  const recipient = await identityToRecipient(identity)
  return { key: { label, recipient }, file: `# label: ${label}\n# recipient: ${recipient}\n${identity}\n` }
}

/** Old group keys are the only way into recordings made with them, so none is ever overwritten. */
function keepOld(files: readonly string[], force: boolean, nowMs: number): void {
  const there = files.filter((file) => existsSync(file))
  if (there.length === 0) return
  if (!force)
    throw new OperatorProblem(
      `There are keys already:\n${there.map((file) => `  ${file}\n`).join('')}` +
        'Nothing was changed. With --force new ones are made and the old files are renamed; recordings made until\n' +
        'now open only with the old group keys, and clients that know the old operator key refuse the new policy.',
    )
  const stamp = new Date(nowMs).toISOString().replace(/[:.]/g, '-')
  for (const file of there) renameSync(file, `${file}.until-${stamp}`)
}
