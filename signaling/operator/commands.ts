import { ConfigProblem, readConfig } from '../config.ts'
import { accountList, addAccount, disableAccount } from './accounts.ts'
import { needed, parsed } from './arguments.ts'
import { noteCommand, notePolicyCommand } from './audit.ts'
import { exportAuditLog, exportAuditLogTo } from './export-audit-log.ts'
import { HELP } from './help.ts'
import { addKeyCommand, changePolicyCommand, makeKeysCommand, retireKeyCommand } from './policy-commands.ts'
import { policyText } from './policy-text.ts'
import { OperatorProblem } from './problem.ts'
import { readablePassword } from './readable-password.ts'

export interface Terminal {
  readonly env: Readonly<Record<string, string | undefined>>
  readInput(): Promise<string>
  print(text: string): void | Promise<void>
  complain(text: string): void
}

/** Runs one command and returns the process's exit code. */
export async function runOperator(args: readonly string[], terminal: Terminal): Promise<number> {
  const [command, ...rest] = args
  if (command === undefined || command === '--help' || command === '-h' || command === 'help') {
    await terminal.print(HELP)
    return command === undefined ? 2 : 0
  }
  try {
    await terminal.print(await run(command, rest, terminal))
    return 0
  } catch (error) {
    if (error instanceof OperatorProblem || error instanceof ConfigProblem) {
      terminal.complain(`${error.message}\n`)
      return 1
    }
    throw error
  }
}

/** Each command is told to the audit log before it acts. */
async function run(command: string, args: string[], terminal: Terminal): Promise<string> {
  const config = readConfig(terminal.env)
  switch (command) {
    case 'add-expert':
    case 'add-auditor': {
      const role = command === 'add-auditor' ? 'auditor' : 'expert'
      const { values, name } = parsed(args, {
        team: { type: 'string' },
        'password-stdin': { type: 'boolean' },
      } as const)
      const isGiven = values['password-stdin'] === true
      const password = isGiven ? (await terminal.readInput()).replace(/\r?\n$/, '') : readablePassword()
      await noteCommand(config, command, { name: needed(name), team: values.team })
      await addAccount(config, { name: needed(name), team: values.team ?? '', role, password })
      return isGiven
        ? `${name} can log in at ${config.origin}.\n`
        : `${name} can log in at ${config.origin} with this password, which is not shown again:\n\n  ${password}\n`
    }
    case 'disable-account': {
      const name = needed(parsed(args, {}).name)
      await noteCommand(config, command, { name })
      return disableAccount(config, name)
    }
    case 'list-accounts':
      parsed(args, {})
      await noteCommand(config, command)
      return accountList(config)
    case 'make-recording-keys':
      await notePolicyCommand(config, command)
      return makeKeysCommand(config, args)
    case 'add-recording-key':
      await notePolicyCommand(config, command)
      return addKeyCommand(config, args)
    case 'retire-recording-key':
      await notePolicyCommand(config, command)
      return retireKeyCommand(config, args)
    case 'change-policy':
      await notePolicyCommand(config, command)
      return changePolicyCommand(config, args)
    case 'show-policy':
      parsed(args, {})
      await notePolicyCommand(config, command)
      return policyText(config)
    case 'export-audit-log': {
      const { out } = parsed(args, { out: { type: 'string' } } as const).values
      await noteCommand(config, command)
      if (out !== undefined) return exportAuditLogTo(config, out)
      await exportAuditLog(config, (lines) => terminal.print(lines))
      return ''
    }
    default:
      throw new OperatorProblem(`There is no command ${command}. See --help.`)
  }
}
