import { ConfigProblem, readConfig } from '../config.ts'
import { addExpert, disableExpert, expertList } from './accounts.ts'
import { needed, parsed } from './arguments.ts'
import { HELP } from './help.ts'
import { addKeyCommand, changePolicyCommand, makeKeysCommand, retireKeyCommand } from './policy-commands.ts'
import { policyText } from './policy-text.ts'
import { OperatorProblem } from './problem.ts'
import { readablePassword } from './readable-password.ts'

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
    case 'make-recording-keys':
      return makeKeysCommand(config, args)
    case 'add-recording-key':
      return addKeyCommand(config, args)
    case 'retire-recording-key':
      return retireKeyCommand(config, args)
    case 'change-policy':
      return changePolicyCommand(config, args)
    case 'show-policy':
      parsed(args, {})
      return policyText(config)
    default:
      throw new OperatorProblem(`There is no command ${command}. See --help.`)
  }
}
