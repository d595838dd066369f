import { nanoid } from 'nanoid'
import type { AccountRole } from '../../protocol/account-role.ts'
import { listExperts, disableExpert as storeDisabled, addExpert as storeExpert } from '../../store/experts.ts'
import type { Config } from '../config.ts'
import { hashPassword } from '../keys/password.ts'
import { OperatorProblem } from './problem.ts'
import { withStore } from './with-store.ts'

/** Shorter ones can be guessed even against our limits. */
const LEAST_PASSWORD_LENGTH = 12

export interface NewAccount {
  readonly name: string
  readonly team: string
  /** An expert where it is not said. */
  readonly role?: AccountRole
  readonly password: string
}

/** Works beside a running service: both use the same database. */
export async function addAccount(config: Config, account: NewAccount): Promise<void> {
  const { name, team, role = 'expert', password } = account
  const shown = name.trim()
  if (shown === '' || shown.length > 80 || team.length > 80)
    throw new OperatorProblem('A name needs 1 to 80 characters, a team at most 80.')
  if (password.length < LEAST_PASSWORD_LENGTH || password.length > 256)
    throw new OperatorProblem(
      `A password needs at least ${LEAST_PASSWORD_LENGTH} and at most 256 characters.`,
    )
  const passwordHash = await hashPassword(password)
  const expert = { id: nanoid(), name, team, role, passwordHash, createdAtMs: Date.now() }
  const added = await withStore(config, (store) => storeExpert(store, expert))
  if (added === 'name-taken')
    throw new OperatorProblem(
      `There is an account named ${shown} already, or one whose name differs only in case.`,
    )
}

export async function disableAccount(config: Config, name: string): Promise<string> {
  if (!(await withStore(config, (store) => storeDisabled(store, name))))
    throw new OperatorProblem(`There is no account named ${name}. See list-accounts.`)
  return `${name} can no longer log in, and is logged out everywhere.\n`
}

export async function accountList(config: Config): Promise<string> {
  const experts = await withStore(config, listExperts)
  if (experts.length === 0) return 'There are no accounts yet. Make one with: add-expert NAME\n'
  return experts
    .map(({ name, team, role, disabled }) => {
      const notes = [...(role === 'auditor' ? ['auditor'] : []), ...(disabled ? ['disabled'] : [])]
      return `${[`${name}${team ? ` (${team})` : ''}`, ...notes].join(' - ')}\n`
    })
    .join('')
}
