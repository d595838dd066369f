import { type Static, Type } from 'typebox'
import { ACCOUNT_ROLES } from '../../protocol/account-role.ts'
import { RefusalCodeSchema } from '../../protocol/refusals.ts'
import { type Answer, ask, decoded } from './service.ts'

/** What the service says of the one who is logged in. */
const Account = Type.Object({
  name: Type.String({ minLength: 1, maxLength: 80 }),
  team: Type.String({ maxLength: 80 }),
  role: Type.Enum(ACCOUNT_ROLES),
  id: Type.String({ minLength: 1, maxLength: 64 }),
  /** False while the service could not record a session, and therefore starts none. */
  canStart: Type.Boolean(),
  whyNot: Type.Union([RefusalCodeSchema, Type.Null()]),
  /** How long recordings are kept, where the service says so. */
  retentionDays: Type.Optional(Type.Integer({ minimum: 1, maximum: 3650 })),
})
export type Account = Static<typeof Account>

/** Who is logged in; refused with `not-logged-in` where nobody is. */
export async function loadAccount(): Promise<Answer<Account>> {
  return decoded(Account, await ask('/api/me', { method: 'GET' }))
}

export function logIn(name: string, password: string): Promise<Answer<string>> {
  return ask('/api/login', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name, password }),
  })
}

export function logOut(): Promise<Answer<string>> {
  return ask('/api/logout', { method: 'POST' })
}
