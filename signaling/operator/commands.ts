import { parseArgs } from 'node:util'
import type { Level } from '../../protocol/level.ts'
import { ConfigProblem, readConfig } from '../config.ts'
import { addExpert, disableExpert, expertList } from './accounts.ts'
import { HELP } from './help.ts'
import { afterMakingKeys, policyText } from './policy-text.ts'
import { OperatorProblem } from './problem.ts'
import { readablePassword } from './readable-password.ts'
import { makeRecordingKeys } from './recording-keys.ts'

export interface Terminal {
  readonly env: Readonly<Record<string, string | undefined>>
  readInput(): Promise<string>
  print(text: string): void
  complain(text: string): void
}

/** Runs one command and returns the process's exit code. */
export async function runOperator(args: readonly string[], terminal: Terminal): Promise<number> {
  const [command, ...rest] = args
  if (command === undefined || command === '--help' || command === '-h' || command === 'help') {
    terminal.print(HELP)
    return command === undefined ? 2 : 0
  }
  try {
    terminal.print(await run(command, rest, terminal))
    return 0
  } catch (error) {
    if (error instanceof OperatorProblem || error instanceof ConfigProblem) {
      terminal.complain(`${error.message}\n`)
      return 1
    }
    throw error
  }
}

async function run(command: string, args: string[], terminal: Terminal): Promise<string> {
  const config = readConfig(terminal.env)
  switch (command) {
    case 'add-expert': {
      const { values, name } = parsed(args, {
        team: { type: 'string' },
        'password-stdin': { type: 'boolean' },
      } as const)
      const isGiven = values['password-stdin'] === true
      const password = isGiven ? (await terminal.readInput()).replace(/\r?\n$/, '') : readablePassword()
      await addExpert(config, { name: needed(name), team: values.team ?? '', password })
      return isGiven
        ? `${name} can log in at ${config.origin}.\n`
        : `${name} can log in at ${config.origin} with this password, which is not shown again:\n\n  ${password}\n`
    }
    case 'disable-expert':
      return disableExpert(config, needed(parsed(args, {}).name))
    case 'list-experts':
      parsed(args, {})
      return expertList(config)
    case 'make-recording-keys': {
      const { values } = parsed(args, {
        'operator-name': { type: 'string' },
        contact: { type: 'string' },
        'retention-days': { type: 'string' },
        'highest-level': { type: 'string' },
        'label-a': { type: 'string' },
        'label-b': { type: 'string' },
        force: { type: 'boolean' },
      } as const)
      const made = await makeRecordingKeys(config, {
        ...(values['operator-name'] === undefined ? {} : { operatorName: values['operator-name'] }),
        ...(values.contact === undefined ? {} : { contact: values.contact }),
        ...(values['retention-days'] === undefined
          ? {}
          : { retentionDays: Number(values['retention-days']) }),
        // Checked with the whole policy before anything is written.
        ...(values['highest-level'] === undefined ? {} : { highestLevel: values['highest-level'] as Level }),
        ...(values['label-a'] === undefined ? {} : { labelA: values['label-a'] }),
        ...(values['label-b'] === undefined ? {} : { labelB: values['label-b'] }),
        force: values.force ?? false,
      })
      return afterMakingKeys(made)
    }
    case 'show-policy':
      parsed(args, {})
      return policyText(config)
    default:
      throw new OperatorProblem(`There is no command ${command}. See --help.`)
  }
}

type Options = NonNullable<NonNullable<Parameters<typeof parseArgs>[0]>['options']>

function parsed<const Given extends Options>(args: string[], options: Given) {
  try {
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true, strict: true })
    if (positionals.length > 1)
      throw new OperatorProblem(`One name was expected; put quotes around "${positionals.join(' ')}".`)
    return { values, name: positionals[0] }
  } catch (error) {
    if (error instanceof TypeError) throw new OperatorProblem(`${error.message.split('. ')[0]}. See --help.`)
    throw error
  }
}

function needed(name: string | undefined): string {
  if (name === undefined) throw new OperatorProblem('A name is missing. See --help.')
  return name
}
