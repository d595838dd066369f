import type { AccountRole } from '../protocol/account-role.ts'
import { nameKey, tidyName } from './expert-name.ts'
import type { Store } from './store.ts'

export interface Expert {
  readonly id: string
  readonly name: string
  readonly team: string
  readonly role: AccountRole
  /** scrypt, in the text form of `signaling/password.ts`. */
  readonly passwordHash: string
  readonly disabled: boolean
  readonly createdAtMs: number
}

interface Columns {
  id: string
  name: string
  team: string
  role: AccountRole
  password_hash: string
  disabled: boolean | number
  created_at_ms: number | string
}

const toExpert = (columns: Columns): Expert => ({
  id: columns.id,
  name: columns.name,
  team: columns.team,
  role: columns.role,
  passwordHash: columns.password_hash,
  disabled: Boolean(columns.disabled),
  createdAtMs: Number(columns.created_at_ms),
})

export function addExpert(store: Store, expert: Omit<Expert, 'disabled'>): Promise<'added' | 'name-taken'> {
  return store.run(async (db) => {
    const rows = await db('experts')
      .insert({
        id: expert.id,
        name: tidyName(expert.name),
        name_key: nameKey(expert.name),
        team: tidyName(expert.team),
        role: expert.role,
        password_hash: expert.passwordHash,
        disabled: false,
        created_at_ms: expert.createdAtMs,
      })
      .onConflict('name_key')
      .ignore()
      .returning('id')
    return rows.length === 1 ? 'added' : 'name-taken'
  })
}

export function findExpertByName(store: Store, name: string): Promise<Expert | null> {
  return store.run(async (db) => {
    const found = await db<Columns>('experts').where('name_key', nameKey(name)).first()
    return found ? toExpert(found as Columns) : null
  })
}

/** Ends the expert's log-ins too. False where nobody has this name. */
export function disableExpert(store: Store, name: string): Promise<boolean> {
  return store.transaction(async (trx) => {
    const key = nameKey(name)
    const changed = await trx('experts').where('name_key', key).update({ disabled: true })
    await trx('logins').whereIn('expert_id', trx('experts').select('id').where('name_key', key)).delete()
    return changed === 1
  })
}

/** Those of these experts who may no longer do anything. */
export function findDisabled(store: Store, expertIds: readonly string[]): Promise<string[]> {
  return store.run((db) => db('experts').whereIn('id', expertIds).where('disabled', true).pluck('id'))
}

/** By name. */
export function listExperts(store: Store): Promise<Expert[]> {
  return store.run(async (db) => {
    const rows = await db<Columns>('experts').orderBy('name_key')
    return (rows as Columns[]).map(toExpert)
  })
}
