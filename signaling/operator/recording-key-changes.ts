import type { Config } from '../config.ts'
import { dataFolder } from '../data-folder.ts'
import { checkedKey, type GroupName, shownKey, withKey, withoutKey } from './key-groups.ts'
import { warningsFor } from './policy-warnings.ts'
import { OperatorProblem } from './problem.ts'
import { type SignedChange, signNext, storedPolicy } from './signed-policy.ts'

export interface Signing {
  /** Where the operator key is, if not in the data folder. */
  readonly operatorKeyFile?: string
  readonly nowMs?: number
}

/** Adds one key to a group and signs [R4]. Returns what changed and what it means. */
export async function addRecordingKey(
  config: Config,
  given: { group: string; label: string; recipient: string },
  signing: Signing = {},
): Promise<string> {
  const group = groupNamed(given.group)
  const key = await checkedKey(given.label, given.recipient)
  const done = signed(config, signing, (policy) => withKey(policy, group, key))
  return `Added to group ${group}: ${shownKey(key)}

  ${key.recipient}

Let ${key.label} read the letters in brackets to you from where the key was made: a key that was exchanged on its way
to you would open recordings for somebody else.
With a key of group ${otherThan(group)} it opens what is recorded in sessions that begin once the service has the new policy.
It opens nothing of older ones.
${afterSigning(config, done)}`
}

/** Takes one key out of its group and signs [R4]. Returns what changed and what it means. */
export function retireRecordingKey(config: Config, recipient: string, signing: Signing = {}): string {
  const files = dataFolder(config.dataFolder)
  const { retentionDays } = storedPolicy(files).content
  const { group, key } = withoutKey(storedPolicy(files).content, recipient.trim())
  const done = signed(config, signing, (policy) => withoutKey(policy, key.recipient).policy)
  const since = new Date(done.policy.issuedAtMs).toISOString()
  return `Retired from group ${group}: ${shownKey(key)}

It opens nothing of sessions that begin once the service has the new policy. With a key of group ${otherThan(group)} it still opens
what was recorded before, until that is deleted: up to ${retentionDays} days, or what an earlier policy promised.
Its holder keeps it until then: older recordings may need it.
Was it stolen? Then delete the recordings that must not be read. A server that is taken over could also go on showing
clients the old policy, which you signed: start every client with --policy-since ${since}, then it takes none
that is older.
${afterSigning(config, done)}`
}

function signed(
  config: Config,
  { operatorKeyFile, nowMs = Date.now() }: Signing,
  change: Parameters<typeof signNext>[2],
): SignedChange {
  const files = dataFolder(config.dataFolder)
  return signNext(files, operatorKeyFile ?? files.operatorKey, change, nowMs)
}

/** What is left to do after any new policy. */
export function afterSigning(config: Config, { policy, keptAs }: SignedChange): string {
  const warnings = warningsFor(policy, config.dataFolder).map((warning) => `\nWarning: ${warning}`)
  const { policy: file } = dataFolder(config.dataFolder)
  return `
The policy for ${policy.service} is signed anew, at ${new Date(policy.issuedAtMs).toISOString()}. It counts from the next session on
when it lies in the service's data folder as signaling/policy.json:

  ${file}
  ${keptAs}
      the one before; keep it: it says whose keys open what was recorded under it
${warnings.join('')}${warnings.length > 0 ? '\n' : ''}`
}

export function groupNamed(text: string): GroupName {
  const group = text.toUpperCase()
  if (group !== 'A' && group !== 'B') throw new OperatorProblem('Say with --group which one: A or B.')
  return group
}

const otherThan = (group: GroupName): GroupName => (group === 'A' ? 'B' : 'A')
