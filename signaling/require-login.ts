import { Refusal } from '../protocol/refusals.ts'
import { findLogin } from '../store/logins.ts'
import type { ExpertConnection } from './connection.ts'
import type { Hub } from './hub.ts'

/** A socket can outlive its log-in, which may have expired, or its expert, who may have been disabled. */
export async function requireLogin(hub: Hub, { login }: ExpertConnection): Promise<void> {
  if ((await findLogin(hub.store, login.tokenHash, hub.clock.nowMs())) === null)
    throw new Refusal('not-logged-in')
}
