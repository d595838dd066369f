import type { Store } from './store.ts'

/** A log-in that holds now, of an expert who is not disabled. */
export interface Login {
  readonly expertId: string
  readonly name: string
  readonly team: string
  readonly expiresAtMs: number
}

/** `tokenHash` is the SHA-256 of the cookie in base64url: who reads the database can't log in with it. */
export function createLogin(
  store: Store,
  login: { tokenHash: string; expertId: string; nowMs: number; expiresAtMs: number },
): Promise<void> {
  return store.run(async (db) => {
    await db('logins').insert({
      token_hash: login.tokenHash,
      expert_id: login.expertId,
      created_at_ms: login.nowMs,
      expires_at_ms: login.expiresAtMs,
    })
  })
}

export function findLogin(store: Store, tokenHash: string, nowMs: number): Promise<Login | null> {
  return store.run(async (db) => {
    const found = await db('logins')
      .join('experts', 'experts.id', 'logins.expert_id')
      .where('logins.token_hash', tokenHash)
      .where('logins.expires_at_ms', '>', nowMs)
      .where('experts.disabled', false)
      .first('experts.id', 'experts.name', 'experts.team', 'logins.expires_at_ms')
    if (!found) return null
    return {
      expertId: found.id,
      name: found.name,
      team: found.team,
      expiresAtMs: Number(found.expires_at_ms),
    }
  })
}

export function revokeLogin(store: Store, tokenHash: string): Promise<void> {
  return store.run(async (db) => {
    await db('logins').where('token_hash', tokenHash).delete()
  })
}

export function forgetExpiredLogins(store: Store, nowMs: number): Promise<void> {
  return store.run(async (db) => {
    await db('logins').where('expires_at_ms', '<=', nowMs).delete()
  })
}
