import type { Static, TSchema, TUnion } from 'typebox'
import { Value } from 'typebox/value'
import { Refusal } from './refusals.ts'

/** A family of messages that differ in their `t`; one schema for both ends. */
export interface Codec<Message> {
  readonly maxBytes: number
  /** Checks text or bytes from outside. Throws a `Refusal`: too-large, malformed or unknown-type. */
  decode(input: string | Uint8Array): Message
  /** Throws when the programmer made a message its own schema refuses. */
  encode(message: Message): string
}

const utf8 = new TextDecoder('utf-8', { fatal: true })
const toUtf8 = new TextEncoder()

function parse(input: string | Uint8Array, maxBytes: number): unknown {
  const tooLong = typeof input === 'string' ? input.length > maxBytes : input.byteLength > maxBytes
  if (tooLong || (typeof input === 'string' && toUtf8.encode(input).byteLength > maxBytes))
    throw new Refusal('too-large')
  try {
    return JSON.parse(typeof input === 'string' ? input : utf8.decode(input))
  } catch {
    throw new Refusal('malformed')
  }
}

function typeOf(value: unknown): string | undefined {
  const t = typeof value === 'object' && value !== null && 't' in value ? value.t : undefined
  return typeof t === 'string' ? t : undefined
}

/** Makes the codec of a union of object schemas that each have a literal `t`. Unknown keys are dropped. */
export function codecOf<const Arms extends TSchema[]>(
  union: TUnion<Arms>,
  maxBytes: number,
): Codec<Static<TUnion<Arms>>> {
  const arms = new Map<string, TSchema>()
  for (const arm of union.anyOf as unknown as { properties: { t: { const: string } } }[])
    arms.set(arm.properties.t.const, arm)
  const schemaOf = (value: unknown): TSchema => {
    const t = typeOf(value)
    if (t === undefined) throw new Refusal('malformed')
    const schema = arms.get(t)
    if (!schema) throw new Refusal('unknown-type')
    return schema
  }
  return {
    maxBytes,
    decode(input) {
      const value = parse(input, maxBytes)
      const schema = schemaOf(value)
      if (!Value.Check(schema, value)) throw new Refusal('malformed')
      return Value.Clean(schema, value) as Static<TUnion<Arms>>
    },
    encode(message) {
      if (!Value.Check(schemaOf(message), message)) {
        throw new TypeError(`a message of type ${typeOf(message)} does not fit its own schema`)
      }
      return JSON.stringify(message)
    },
  }
}

/** Checks one document that is not of a family (a signed card, a policy). Throws `Refusal('malformed')`. */
export function decodeDocument<Schema extends TSchema>(
  schema: Schema,
  text: string,
  maxBytes: number,
): Static<Schema> {
  const value = parse(text, maxBytes)
  if (!Value.Check(schema, value)) throw new Refusal('malformed')
  return Value.Clean(schema, value) as Static<Schema>
}
