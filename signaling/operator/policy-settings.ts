import { existsSync } from 'node:fs'
import type { ServicePolicy } from '../../protocol/identity.ts'
import type { Level } from '../../protocol/level.ts'
import type { Config } from '../config.ts'
import { dataFolder } from '../data-folder.ts'
import { readOrMakeSecret, readSecretFile } from '../keys/secret-file.ts'
import { makeX25519Secret, x25519PublicKey } from '../keys/x25519.ts'
import { checkedName } from './key-groups.ts'
import { OperatorProblem } from './problem.ts'
import { afterSigning, type Signing } from './recording-key-changes.ts'
import { signNext } from './signed-policy.ts'

/** What of a policy changes; what is not given stays. */
export interface PolicySettings {
  readonly operatorName?: string
  /** Whom customers ask about their recording. */
  readonly contact?: string
  readonly retentionDays?: number
  /** `all` lifts the limit. */
  readonly highestLevel?: Level | 'all'
  /** Its key file is made where there is none: it is the new recorder's. */
  readonly newRecorder?: { readonly name: string; readonly keyFile: string }
  /** Name or key. */
  readonly recorderToRemove?: string
}

type Recorder = ServicePolicy['recorders'][number]

/** Changes the policy and signs it. Returns what changed and what it means. */
export function changePolicy(config: Config, settings: PolicySettings, signing: Signing = {}): string {
  const files = dataFolder(config.dataFolder)
  const { operatorKeyFile = files.operatorKey, nowMs = Date.now() } = signing
  let sentences: string[] = []
  const change = (policy: ServicePolicy) => {
    const changed = withSettings(policy, settings)
    sentences = differences(policy, changed)
    if (sentences.length === 0) throw new OperatorProblem('That is what the policy says already.')
    return changed
  }
  const done = signNext(files, operatorKeyFile, change, nowMs)
  return `${sentences.join('\n')}\n${afterSigning(config, done)}`
}

function withSettings(policy: ServicePolicy, settings: PolicySettings): ServicePolicy {
  const { highestLevel: before, ...rest } = policy
  const given = settings.highestLevel ?? before
  return {
    ...rest,
    ...(given === undefined || given === 'all' ? {} : { highestLevel: given }),
    operatorName:
      settings.operatorName === undefined
        ? policy.operatorName
        : checkedName(settings.operatorName, "The operator's name"),
    ...(settings.contact === undefined ? {} : { contact: checkedName(settings.contact, 'The contact') }),
    retentionDays: settings.retentionDays ?? policy.retentionDays,
    recorders: changedRecorders(policy.recorders, settings),
  }
}

function changedRecorders(recorders: readonly Recorder[], settings: PolicySettings): Recorder[] {
  const { newRecorder, recorderToRemove } = settings
  let changed = [...recorders]
  if (newRecorder) changed = withRecorder(changed, newRecorder)
  if (recorderToRemove === undefined) return changed
  const named = changed.filter(({ name, key }) => [name, key].includes(recorderToRemove))
  if (named.length === 0)
    throw new OperatorProblem(`No recorder is called ${recorderToRemove}. See show-policy.`)
  if (named.length > 1)
    throw new OperatorProblem(`Several recorders are called ${recorderToRemove}. Give the key instead.`)
  if (changed.length === 1)
    throw new OperatorProblem(
      'That is the only recorder. Without one no session starts; add another one first.',
    )
  return changed.filter((recorder) => recorder !== named[0])
}

function withRecorder(
  recorders: readonly Recorder[],
  { name: given, keyFile }: { name: string; keyFile: string },
): Recorder[] {
  const name = checkedName(given, "A recorder's name")
  if (recorders.some((recorder) => recorder.name === name))
    throw new OperatorProblem(`There is a recorder called ${name} already.`)
  const key = recorderKeyIn(keyFile)
  const same = recorders.find((recorder) => recorder.key === key)
  if (same) throw new OperatorProblem(`${same.name} has that key already. Each recorder needs its own.`)
  return [...recorders, { name, key }]
}

function recorderKeyIn(file: string): string {
  try {
    return x25519PublicKey(
      existsSync(file) ? (readSecretFile(file) ?? '') : readOrMakeSecret(file, makeX25519Secret),
    )
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined)
      throw new OperatorProblem(`${file} holds no recorder's key.`)
    throw new OperatorProblem(`The recorder's key file ${file} can neither be read nor made.`)
  }
}

function differences(before: ServicePolicy, after: ServicePolicy): string[] {
  const sentences: string[] = []
  if (after.operatorName !== before.operatorName)
    sentences.push(`The operator is called ${after.operatorName} now, before: ${before.operatorName}.`)
  if (after.contact !== before.contact)
    sentences.push(
      `Customers are told to ask ${after.contact} now, before: ${before.contact ?? 'the operator'}.`,
    )
  if (after.retentionDays !== before.retentionDays)
    sentences.push(
      `Recordings of new sessions are kept ${after.retentionDays} days, before: ${before.retentionDays}. Older ones are ` +
        'kept as long as their customers were told.',
    )
  if (after.highestLevel !== before.highestLevel)
    sentences.push(
      `The highest level a customer can grant is ${after.highestLevel ?? 'not limited'} now, before: ${before.highestLevel ?? 'not limited'}.`,
    )
  const added = after.recorders.filter(({ key }) => !before.recorders.some((other) => other.key === key))
  const removed = before.recorders.filter(({ key }) => !after.recorders.some((other) => other.key === key))
  for (const { name, key } of added)
    sentences.push(
      `Recorder added: ${name}, ${key}. Its key file goes into its data folder as recorder/recorder.key.`,
    )
  for (const { name } of removed)
    sentences.push(`Recorder removed: ${name}. Clients give it no session that begins from now on.`)
  return sentences
}
