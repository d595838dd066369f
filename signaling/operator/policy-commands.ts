import type { Level } from '../../protocol/level.ts'
import type { Config } from '../config.ts'
import { needed, parsed } from './arguments.ts'
import { changePolicy } from './policy-settings.ts'
import { afterMakingKeys } from './policy-text.ts'
import { OperatorProblem } from './problem.ts'
import { addRecordingKey, retireRecordingKey } from './recording-key-changes.ts'
import { makeRecordingKeys } from './recording-keys.ts'

/** The command lines that make and change the policy. What is given is checked with the whole policy before anything is written. */

const OPERATOR_KEY = { 'operator-key': { type: 'string' } } as const

export async function makeKeysCommand(config: Config, args: string[]): Promise<string> {
  const { values } = parsed(args, {
    'operator-name': { type: 'string' },
    contact: { type: 'string' },
    'retention-days': { type: 'string' },
    'highest-level': { type: 'string' },
    'label-a': { type: 'string' },
    'label-b': { type: 'string' },
    'recipient-a': { type: 'string' },
    'recipient-b': { type: 'string' },
    force: { type: 'boolean' },
  } as const)
  const days = values['retention-days']
  const made = await makeRecordingKeys(config, {
    ...given('operatorName', values['operator-name']),
    ...given('contact', values.contact),
    ...given('retentionDays', days === undefined ? undefined : Number(days)),
    ...given('highestLevel', values['highest-level'] as Level | undefined),
    ...given('labelA', values['label-a']),
    ...given('labelB', values['label-b']),
    ...given('recipientA', values['recipient-a']),
    ...given('recipientB', values['recipient-b']),
    force: values.force ?? false,
  })
  return afterMakingKeys(made)
}

export async function addKeyCommand(config: Config, args: string[]): Promise<string> {
  const { values } = parsed(args, {
    group: { type: 'string' },
    label: { type: 'string' },
    recipient: { type: 'string' },
    ...OPERATOR_KEY,
  } as const)
  const { group, label, recipient } = values
  if (group === undefined || label === undefined || recipient === undefined)
    throw new OperatorProblem('add-recording-key needs --group, --label and --recipient. See --help.')
  return addRecordingKey(
    config,
    { group, label, recipient },
    given('operatorKeyFile', values['operator-key']),
  )
}

export function retireKeyCommand(config: Config, args: string[]): string {
  const { values, name } = parsed(args, OPERATOR_KEY)
  return retireRecordingKey(config, needed(name), given('operatorKeyFile', values['operator-key']))
}

export function changePolicyCommand(config: Config, args: string[]): string {
  const { values } = parsed(args, {
    'operator-name': { type: 'string' },
    contact: { type: 'string' },
    'retention-days': { type: 'string' },
    'highest-level': { type: 'string' },
    'add-recorder': { type: 'string' },
    'recorder-key': { type: 'string' },
    'remove-recorder': { type: 'string' },
    ...OPERATOR_KEY,
  } as const)
  const days = values['retention-days']
  const { 'add-recorder': name, 'recorder-key': keyFile } = values
  if ((name === undefined) !== (keyFile === undefined))
    throw new OperatorProblem('--add-recorder NAME and --recorder-key FILE belong together.')
  return changePolicy(
    config,
    {
      ...given('operatorName', values['operator-name']),
      ...given('contact', values.contact),
      ...given('retentionDays', days === undefined ? undefined : Number(days)),
      ...given('highestLevel', values['highest-level'] as Level | 'all' | undefined),
      ...(name === undefined || keyFile === undefined ? {} : { newRecorder: { name, keyFile } }),
      ...given('recorderToRemove', values['remove-recorder']),
    },
    given('operatorKeyFile', values['operator-key']),
  )
}

function given<Name extends string, Value>(
  name: Name,
  value: Value | undefined,
): { readonly [Key in Name]?: Value } {
  return value === undefined ? {} : ({ [name]: value } as { readonly [Key in Name]: Value })
}
