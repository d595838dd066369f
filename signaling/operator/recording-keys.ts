import { existsSync, renameSync } from 'node:fs'
import { generateX25519Identity, identityToRecipient } from 'age-encryption'
import { type RecordingKey, type ServicePolicy, SIGNING_CONTEXT } from '../../protocol/identity.ts'
import type { Level } from '../../protocol/level.ts'
import type { Config } from '../config.ts'
import { type DataFolder, dataFolder, makeFolders } from '../data-folder.ts'
import { makeSeed, publicKeyOf, signDocument, signingKey } from '../keys/ed25519.ts'
import { readOrMakeSecret, writeSecretFile } from '../keys/secret-file.ts'
import { makeX25519Secret, x25519PublicKey } from '../keys/x25519.ts'
import { checkedKey, checkedName, type GroupName } from './key-groups.ts'
import { OperatorProblem } from './problem.ts'
import { checkedDocument } from './signed-policy.ts'

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
  /** Public halves of keys that their holders made; without one, the group's first key is made here. */
  readonly recipientA?: string
  readonly recipientB?: string
  readonly nowMs?: number
}

export interface MadeKeys {
  /** 32 bytes in base64url; clients pin it. */
  readonly operatorKey: string
  readonly policy: ServicePolicy
  readonly files: DataFolder
  /** Groups whose first key was made here and has to go to its holder. */
  readonly madeGroups: readonly GroupName[]
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
  const [a, b] = await Promise.all([
    firstKey(labelA, options.recipientA),
    firstKey(labelB, options.recipientB),
  ])
  const policy: ServicePolicy = {
    v: 1,
    service: config.origin,
    operatorName: checkedName(operatorName, "The operator's name"),
    ...(options.contact === undefined ? {} : { contact: checkedName(options.contact, 'The contact') }),
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
  const document = checkedDocument(policy)
  keepOld([operatorKey, groupAKey, groupBKey, files.policy], options.force ?? false, nowMs)

  const signed = signDocument(signingKey(seed), SIGNING_CONTEXT.policy, document)
  writeSecretFile(operatorKey, `${seed}\n`)
  if (a.file !== undefined) writeSecretFile(groupAKey, a.file)
  if (b.file !== undefined) writeSecretFile(groupBKey, b.file)
  // Last: as soon as it is there, sessions can start.
  writeSecretFile(files.policy, `${JSON.stringify(signed)}\n`)
  const madeGroups = [
    ...(a.file === undefined ? [] : ['A' as const]),
    ...(b.file === undefined ? [] : ['B' as const]),
  ]
  return { operatorKey: publicKeyOf(signingKey(seed)), policy, files, madeGroups }
}

/** `file` is what its holder keeps, where the key was made here. */
async function firstKey(
  label: string,
  recipient: string | undefined,
): Promise<{ key: RecordingKey; file?: string }> {
  if (recipient !== undefined) return { key: await checkedKey(label, recipient) }
  const identity = await generateX25519Identity()
  const key = await checkedKey(label, await identityToRecipient(identity))
  return { key, file: `# label: ${key.label}\n# recipient: ${key.recipient}\n${identity}\n` }
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
