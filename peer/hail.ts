import { x25519 } from '@noble/curves/ed25519.js'
import { hkdf } from '@noble/hashes/hkdf.js'
import { sha512 } from '@noble/hashes/sha2.js'
import { concatBytes } from '@noble/hashes/utils.js'
import { utf8 } from './cpace.ts'
import type { LineKeys } from './sealed-line.ts'

/**
 * How an agent and a recorder get a key of their own over the relay: the recorder's long-term key stands in the policy
 * that the operator signed, so nobody else can answer as the recorder; both add an ephemeral key, so that a stolen
 * long-term key opens no past line. The pattern is Noise NK (Perrin, "The Noise Protocol Framework", 2018).
 */
export interface HailKeys {
  readonly secretKey: Uint8Array
  readonly publicKey: Uint8Array
}

export function newHailKeys(): HailKeys {
  const { secretKey, publicKey } = x25519.keygen()
  return { secretKey, publicKey }
}

/** Keys of the agent's side. Throws on a degenerate public key. */
export function agentLineKeys(
  own: HailKeys,
  recorderStatic: Uint8Array,
  recorderEphemeral: Uint8Array,
  sessionId: string,
): LineKeys {
  const shared = concatBytes(
    x25519.getSharedSecret(own.secretKey, recorderStatic),
    x25519.getSharedSecret(own.secretKey, recorderEphemeral),
  )
  const key = deriver(shared, own.publicKey, recorderEphemeral, recorderStatic, sessionId)
  return { send: key('to recorder'), receive: key('to agent'), fingerprints: key('fingerprints') }
}

/** Keys of the recorder's side. Throws on a degenerate public key. */
export function recorderLineKeys(
  staticKeys: HailKeys,
  own: HailKeys,
  agentEphemeral: Uint8Array,
  sessionId: string,
): LineKeys {
  const shared = concatBytes(
    x25519.getSharedSecret(staticKeys.secretKey, agentEphemeral),
    x25519.getSharedSecret(own.secretKey, agentEphemeral),
  )
  const key = deriver(shared, agentEphemeral, own.publicKey, staticKeys.publicKey, sessionId)
  return { send: key('to agent'), receive: key('to recorder'), fingerprints: key('fingerprints') }
}

function deriver(
  shared: Uint8Array,
  agentEphemeral: Uint8Array,
  recorderEphemeral: Uint8Array,
  recorderStatic: Uint8Array,
  sessionId: string,
): (purpose: string) => Uint8Array {
  return (purpose) =>
    hkdf(
      sha512,
      shared,
      utf8(sessionId),
      concatBytes(utf8(`lotse recorder v1 ${purpose}\0`), agentEphemeral, recorderEphemeral, recorderStatic),
      32,
    )
}
