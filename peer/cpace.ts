import { ristretto255, ristretto255_hasher } from '@noble/curves/ed25519.js'
import { sha512 } from '@noble/hashes/sha2.js'
import { concatBytes } from '@noble/hashes/utils.js'

/**
 * CPace, a balanced password-authenticated key exchange: two ends that share a short secret get a strong key, and one
 * who guesses gets exactly one guess a run. Source: draft-irtf-cfrg-cpace, suite CPACE-RISTR255-SHA512; proved against
 * its vectors in `test/peer/cpace.test.ts`.
 */
const DSI = utf8('CPaceRistretto255')
const DSI_ISK = utf8('CPaceRistretto255_ISK')
/** Input block of SHA-512 in bytes. */
const HASH_BLOCK_BYTES = 128

export interface CpaceInput {
  /** The shared secret, PRS in the draft. */
  readonly secret: Uint8Array
  /** Both ends and where they meet, CI in the draft. */
  readonly channel: Uint8Array
  readonly sessionId: Uint8Array
}

/** One end's message: its share (32 bytes) and the data it binds to the key (AD in the draft). */
export interface CpaceShare {
  readonly y: Uint8Array
  readonly associated: Uint8Array
}

export function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

/** LEB128 length, then the bytes; the draft's `prepend_len`. */
function lengthValue(bytes: Uint8Array): Uint8Array {
  const length: number[] = []
  let rest = bytes.length
  do {
    length.push(rest < 128 ? rest : (rest & 127) | 128)
    rest >>= 7
  } while (rest > 0)
  return concatBytes(Uint8Array.from(length), bytes)
}

/** The draft's `lv_cat`. */
export function lengthValueConcat(...parts: Uint8Array[]): Uint8Array {
  return concatBytes(...parts.map(lengthValue))
}

export function cpaceGenerator(input: CpaceInput): Uint8Array {
  const prefix = lengthValue(DSI).length + lengthValue(input.secret).length
  const padding = new Uint8Array(Math.max(0, HASH_BLOCK_BYTES - 1 - prefix))
  const generator = lengthValueConcat(DSI, input.secret, padding, input.channel, input.sessionId)
  return ristretto255_hasher.deriveToCurve!(sha512(generator)).toBytes()
}

/** `scalar`: 32 bytes, little endian, below the group order; fresh for every run. */
export function cpaceShare(input: CpaceInput, scalar: Uint8Array): Uint8Array {
  return multiply(cpaceGenerator(input), scalar)
}

/**
 * The intermediate session key, 64 bytes, for an initiator's and a responder's share in this order.
 * Throws when the peer's share is no group element or the neutral one (the draft's abort).
 */
export function cpaceKey(
  input: CpaceInput,
  scalar: Uint8Array,
  initiator: CpaceShare,
  responder: CpaceShare,
  peer: 'initiator' | 'responder',
): Uint8Array {
  const k = multiply((peer === 'initiator' ? initiator : responder).y, scalar)
  return sha512(
    concatBytes(
      lengthValueConcat(DSI_ISK, input.sessionId, k),
      lengthValueConcat(initiator.y, initiator.associated),
      lengthValueConcat(responder.y, responder.associated),
    ),
  )
}

/** The draft's `scalar_mult_vfy`. */
function multiply(point: Uint8Array, scalar: Uint8Array): Uint8Array {
  const product = ristretto255.Point.fromBytes(point).multiply(ristretto255.Point.Fn.fromBytes(scalar))
  if (product.is0()) throw new RangeError('the share is the neutral element')
  return product.toBytes()
}

/** A uniform scalar from 64 random bytes, never zero. */
export function cpaceScalar(random64: Uint8Array): Uint8Array {
  const field = ristretto255.Point.Fn
  let value = 0n
  for (const byte of random64) value = (value << 8n) | BigInt(byte)
  return field.toBytes((value % (field.ORDER - 1n)) + 1n)
}
