import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { type KeyPlace, slotOf } from './expiry-slot.ts'

/**
 * How the wrapped keys of a recording are stored: `magic (8) | version u8 | dueAtMs u64 | heldUntilMs u64 | nonce (12) |
 * AES-256-GCM box`, numbers big endian, heldUntilMs 0 where nobody holds it. Additional data: all before the nonce, and
 * the session id. What the box holds is still sealed to the groups A and B [R4]; this layer is there to be destroyed [R6].
 */
const MAGIC = Buffer.from('LOTSEWRP')
const VERSION = 1
const TERM_BYTES = MAGIC.length + 1 + 8 + 8
const NONCE_BYTES = 12
const TAG_BYTES = 16
/** How much longer a file is than the wraps in it. */
export const SEALED_OVERHEAD_BYTES = TERM_BYTES + NONCE_BYTES + TAG_BYTES

/** How long a recording is kept. What its file says counts, not the index. */
export interface Term {
  /** When its period ends. */
  readonly dueAtMs: number
  /** A hold that keeps it until then, perhaps beyond its period. */
  readonly heldUntilMs: number | null
}

/** When a recording falls due. */
export function endOf({ dueAtMs, heldUntilMs }: Term): number {
  return Math.max(dueAtMs, heldUntilMs ?? 0)
}

export function keyPlaceOf(sessionId: string, term: Term): KeyPlace {
  const slotMs = slotOf(endOf(term))
  return term.heldUntilMs === null ? { t: 'slot', slotMs } : { t: 'hold', slotMs, sessionId }
}

export function sealWraps(wraps: Uint8Array, key: Uint8Array, sessionId: string, term: Term): Buffer {
  const head = Buffer.alloc(TERM_BYTES)
  MAGIC.copy(head)
  head.writeUInt8(VERSION, MAGIC.length)
  head.writeBigUInt64BE(BigInt(term.dueAtMs), MAGIC.length + 1)
  head.writeBigUInt64BE(BigInt(term.heldUntilMs ?? 0), MAGIC.length + 9)
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  cipher.setAAD(Buffer.concat([head, Buffer.from(sessionId)]))
  return Buffer.concat([head, nonce, cipher.update(wraps), cipher.final(), cipher.getAuthTag()])
}

/** Undefined where these bytes are no stored wraps. Needs only the first `SEALED_OVERHEAD_BYTES`. */
export function readTerm(bytes: Buffer): Term | undefined {
  if (bytes.length < SEALED_OVERHEAD_BYTES || !bytes.subarray(0, MAGIC.length).equals(MAGIC)) return undefined
  if (bytes.readUInt8(MAGIC.length) !== VERSION) return undefined
  const dueAtMs = Number(bytes.readBigUInt64BE(MAGIC.length + 1))
  const heldUntilMs = Number(bytes.readBigUInt64BE(MAGIC.length + 9)) || null
  const term = { dueAtMs, heldUntilMs }
  // The last moment that a Date can hold; what is beyond was not written by this program.
  return endOf(term) <= 8.64e15 ? term : undefined
}

/** Throws where the key is another one or anything was changed. */
export function unsealWraps(bytes: Buffer, key: Uint8Array, sessionId: string): Uint8Array {
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(TERM_BYTES, TERM_BYTES + NONCE_BYTES))
  decipher.setAAD(Buffer.concat([bytes.subarray(0, TERM_BYTES), Buffer.from(sessionId)]))
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES))
  const box = bytes.subarray(TERM_BYTES + NONCE_BYTES, -TAG_BYTES)
  return new Uint8Array(Buffer.concat([decipher.update(box), decipher.final()]))
}
