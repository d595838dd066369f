import { Encrypter } from 'age-encryption'
import type { RecordingKey, ServicePolicy } from '../../protocol/identity.ts'
import { fingerprintOf, NAME_RULE, plainName } from '../../protocol/recording-key.ts'
import { OperatorProblem } from './problem.ts'

/** Which keys open recordings [R4]: pure changes of a policy's two groups. */

export type GroupName = 'A' | 'B'

const FIELD = { A: 'groupA', B: 'groupB' } as const
export const keysOf = (policy: ServicePolicy, group: GroupName) => policy[FIELD[group]]

/** Throws `OperatorProblem` where the key is in a group already, or is the last thing a group can be given. */
export function withKey(policy: ServicePolicy, group: GroupName, key: RecordingKey): ServicePolicy {
  const changed = { ...policy, [FIELD[group]]: [...keysOf(policy, group), key] }
  checkGroups(changed)
  return changed
}

/** The policy without this key, and where it was. Throws `OperatorProblem` where no group, or nothing else, has it. */
export function withoutKey(
  policy: ServicePolicy,
  recipient: string,
): { policy: ServicePolicy; group: GroupName; key: RecordingKey } {
  for (const group of ['A', 'B'] as const) {
    const keys = keysOf(policy, group)
    const key = keys.find((candidate) => candidate.recipient === recipient)
    if (!key) continue
    if (keys.length === 1)
      throw new OperatorProblem(
        `${key.label} has the only key of group ${group}. Add another one first: without one nothing could be ` +
          'recorded, and no session would start.',
      )
    return { policy: { ...policy, [FIELD[group]]: keys.filter((other) => other !== key) }, group, key }
  }
  throw new OperatorProblem(`No group has the key ${recipient}. See show-policy.`)
}

/** Throws `OperatorProblem` where a key stands twice: in both groups, its holder could open recordings alone. */
export function checkGroups({ groupA, groupB }: Pick<ServicePolicy, 'groupA' | 'groupB'>): void {
  for (const [name, group] of [
    ['A', groupA],
    ['B', groupB],
  ] as const) {
    const twice = group.find((key, at) => group.findLastIndex((k) => k.recipient === key.recipient) > at)
    if (twice) throw new OperatorProblem(`Group ${name} has this key already: ${shownKey(twice)}.`)
  }
  const both = groupA.find((a) => groupB.some((b) => b.recipient === a.recipient))
  if (both)
    throw new OperatorProblem(
      `The same key can't be in both groups: its holder could open every recording alone. It is ${shownKey(both)}.`,
    )
}

/** One name in both groups may be one person, who could then open alone [R7]; only people can tell. */
export function namesInBoth({ groupA, groupB }: ServicePolicy): string[] {
  const folded = (label: string) => label.normalize('NFKC').toLocaleLowerCase()
  const inB = new Set(groupB.map(({ label }) => folded(label)))
  return groupA.map(({ label }) => label).filter((label) => inB.has(folded(label)))
}

/** A key that agents can seal for. Throws `OperatorProblem` with what is wrong with label or recipient. */
export async function checkedKey(givenLabel: string, givenRecipient: string): Promise<RecordingKey> {
  const label = checkedName(givenLabel, 'A label')
  const recipient = givenRecipient.trim()
  if (/^AGE-(SECRET-KEY|PLUGIN)/i.test(recipient))
    throw new OperatorProblem(
      'That is the secret half of a key. It must never leave its holder: have a new key made, and ask for the line ' +
        'that begins with age1.',
    )
  if (!/^age1[a-z0-9]{58}$/.test(recipient))
    throw new OperatorProblem(
      'A recipient is age1 and 58 small letters and digits, as make-group-key prints it.',
    )
  try {
    const encrypter = new Encrypter()
    encrypter.addRecipient(recipient)
    await encrypter.encrypt('')
  } catch {
    throw new OperatorProblem(`The recipient ${recipient} has a mistyped letter: its check sum is wrong.`)
  }
  return { label, recipient }
}

/** @param what begins the sentence: `A label` */
export function checkedName(given: string, what: string): string {
  const name = plainName(given)
  if (name === undefined) throw new OperatorProblem(`${what} has ${NAME_RULE}.`)
  return name
}

export const shownKey = ({ label, recipient }: RecordingKey) => `${label} (${fingerprintOf(recipient)})`
