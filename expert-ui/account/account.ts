import { type Static, Type } from 'typebox'
import { decodeDocument } from '../../protocol/codec.ts'
import { RefusalCodeSchema, RefusedMessage } from '../../protocol/refusals.ts'

/** What the service says of the one who is logged in. */
const Account = Type.Object({
  name: Type.String({ minLength: 1, maxLength: 80 }),
  team: Type.String({ maxLength: 80 }),
  /** False while the service could not record a session, and therefore starts none. */
  canStart: Type.Boolean(),
  whyNot: Type.Union([RefusalCodeSchema, Type.Null()]),
  /** How long recordings are kept, where the service says so. */
  retentionDays: Type.Optional(Type.Integer({ minimum: 1, maximum: 3650 })),
})
export type Account = Static<typeof Account>

const MOST_BYTES = 16 * 1024

export type Answer<Value> =
  | { readonly kind: 'ok'; readonly value: Value }
  | { readonly kind: 'refused'; readonly refusal: RefusedMessage }
  /** No service there, or something between that is not ours. */
  | { readonly kind: 'unreachable' }

/** Who is logged in; refused with `not-logged-in` where nobody is. */
export async function loadAccount(): Promise<Answer<Account>> {
  const answer = await ask('/api/me', { method: 'GET' })
  if (answer.kind !== 'ok') return answer
  try {
    return { kind: 'ok', value: decodeDocument(Account, answer.value, MOST_BYTES) }
  } catch {
    return { kind: 'unreachable' }
  }
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

async function ask(path: string, request: RequestInit): Promise<Answer<string>> {
  try {
    const response = await fetch(path, { ...request, cache: 'no-store', credentials: 'same-origin' })
    const text = await response.text()
    if (response.ok) return { kind: 'ok', value: text }
    return { kind: 'refused', refusal: refusalOf(response.status, text) }
  } catch {
    return { kind: 'unreachable' }
  }
}

/** Throws where neither the text nor the status says what is wrong. */
function refusalOf(status: number, text: string): RefusedMessage {
  if (status === 401 && !text.includes('"refused"')) return { t: 'refused', code: 'not-logged-in' }
  return decodeDocument(RefusedMessage, text, MOST_BYTES)
}
