import { type Static, Type } from 'typebox'

/**
 * Every way in which a request can be refused. The sentence a person reads is `refusal.<code>` in `i18n/`.
 * `fault` tells whose move is next: the caller's (do something else) or the service's (the operator must look).
 * `closes` is the WebSocket close code that follows, or null where the connection goes on.
 */
export const REFUSALS = {
  malformed: { fault: 'caller', closes: 4400 },
  'too-large': { fault: 'caller', closes: 4413 },
  'unknown-type': { fault: 'caller', closes: 4400 },
  'not-allowed': { fault: 'caller', closes: 4403 },
  'not-logged-in': { fault: 'caller', closes: 4401 },
  'wrong-credentials': { fault: 'caller', closes: null },
  'wrong-origin': { fault: 'caller', closes: 4403 },
  'wrong-state': { fault: 'caller', closes: null },
  'slow-down': { fault: 'caller', closes: null },
  'not-found': { fault: 'caller', closes: null },
  'number-unknown': { fault: 'caller', closes: null },
  'number-used': { fault: 'caller', closes: null },
  'number-expired': { fault: 'caller', closes: null },
  'session-over': { fault: 'caller', closes: null },
  'peer-absent': { fault: 'caller', closes: null },
  'service-full': { fault: 'service', closes: null },
  'no-recording-keys': { fault: 'service', closes: null },
  'no-recorder': { fault: 'service', closes: null },
  'storage-failed': { fault: 'service', closes: null },
  internal: { fault: 'service', closes: 4500 },
} as const satisfies Record<string, { fault: 'caller' | 'service'; closes: number | null }>

export type RefusalCode = keyof typeof REFUSALS
export const REFUSAL_CODES = Object.keys(REFUSALS) as RefusalCode[]
export const RefusalCodeSchema = Type.Enum(REFUSAL_CODES)

/** Sent instead of an answer. The receiver shows the sentence for `code`; nothing it asked for has happened. */
export const RefusedMessage = Type.Object({
  t: Type.Literal('refused'),
  code: RefusalCodeSchema,
  /** With `slow-down`: when to try again. */
  retryAfterSeconds: Type.Optional(Type.Integer({ minimum: 1, maximum: 86_400 })),
})
export type RefusedMessage = Static<typeof RefusedMessage>

/** Thrown inside a process, never across the wire: at the edge it becomes a `RefusedMessage`. */
export class Refusal extends Error {
  readonly code: RefusalCode
  readonly retryAfterSeconds: number | undefined

  constructor(code: RefusalCode, retryAfterSeconds?: number) {
    super(`refused: ${code}`)
    this.name = 'Refusal'
    this.code = code
    this.retryAfterSeconds = retryAfterSeconds
  }

  toMessage(): RefusedMessage {
    return {
      t: 'refused',
      code: this.code,
      ...(this.retryAfterSeconds === undefined ? {} : { retryAfterSeconds: this.retryAfterSeconds }),
    }
  }
}
