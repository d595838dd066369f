import type { Static, TSchema } from 'typebox'
import { decodeDocument } from '../../protocol/codec.ts'
import { RefusedMessage } from '../../protocol/refusals.ts'

export type Answer<Value> =
  | { readonly kind: 'ok'; readonly value: Value }
  | { readonly kind: 'refused'; readonly refusal: RefusedMessage }
  /** No service there, or something between that is not ours. */
  | { readonly kind: 'unreachable' }

const MOST_REFUSAL_BYTES = 16 * 1024
const MOST_BYTES = 4 * 1024 * 1024

/** One request to the service, whatever becomes of it. */
export async function ask(path: string, request: RequestInit): Promise<Answer<string>> {
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
  return decodeDocument(RefusedMessage, text, MOST_REFUSAL_BYTES)
}

/** What the answer holds; what is not as it should be does not come from our service. */
export function decoded<Schema extends TSchema>(
  schema: Schema,
  answer: Answer<string>,
): Answer<Static<Schema>> {
  if (answer.kind !== 'ok') return answer
  try {
    return { kind: 'ok', value: decodeDocument(schema, answer.value, MOST_BYTES) }
  } catch {
    return { kind: 'unreachable' }
  }
}
