import type { AccountRole } from '../protocol/account-role.ts'
import { appendIn, type NextLine } from './audit-log.ts'
import type { Store } from './store.ts'

/** A log-in that holds now, of an expert who is not disabled. */
export interface Login {
  readonly expertId: string
  readonly name: string
  readonly team: string
  readonly role: AccountRole
  readonly expiresAtMs: number
}

/**
 * `tokenHash` is the SHA-256 of the cookie in base64url: who reads the database can't log in with it.
 * @param line is written to the audit log with it, both or neither
 */
export function createLogin(
  store: Store,
  login: { tokenHash: string; expertId: string; nowMs: number; expiresAtMs: number },
  line?: NextLine,
): Promise<void> {
  return store.transaction(async (trx) => {
    await trx('logins').insert({
      token_hash: login.tokenHash,
      expert_id: login.expertId,
      created_at_ms: login.nowMs,
      expires_at_ms: login.expiresAtMs,
    })
    if (line) await appendIn(trx, line)
  })
}

export function findLogin(store: Store, tokenHash: string, nowMs: number): Promise<Login | null> {
  return store.run(async (db) => {
    const found = await db('logins')
      .join('experts', 'experts.id', 'logins.expert_id')
      .where('logins.token_hash', tokenHash)
      .where('logins.expires_at_ms', '>', nowMs)
      .where('experts.disabled', false)
      .first('experts.id', 'experts.name', 'experts.team', 'experts.role', 'logins.expires_at_ms')
    if (!found) return null
    return {
      expertId: found.id,
      name: found.name,
      team: found.team,
      role: found.role,
      expiresAtMs: Number(found.expires_at_ms),
    }
  })
}

/** @param lineFor makes the line of the audit log, where there was such a log-in */
export function revokeLogin(
  store: Store,
  tokenHash: string,
  lineFor?: (expert: { id: string; name: string }) => NextLine,
): Promise<void> {
  return store.transaction(async (trx) => {
    // An update first: it takes the write lock and tells whose it is, which a delete here does not.
    const login = trx('logins').where('token_hash', tokenHash)
    const [ended] = await login.clone().update({ expires_at_ms: 0 }).returning('expert_id')
    await login.delete()
    if (!ended || !lineFor) return
    const expert = await trx('experts').where('id', ended.expert_id).first('id', 'name')
    await appendIn(trx, lineFor(expert))
  })
}

export function forgetExpiredLogins(store: Store, nowMs: number): Promise<void> {
  return store.run(async (db) => {
    await db('logins').where('expires_at_ms', '<=', nowMs).delete()
  })
}
