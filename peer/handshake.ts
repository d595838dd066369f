import type { Relayed } from '../protocol/messages/relayed.ts'
import { fromBase64Url, toBase64Url } from './base64url.ts'
import { agentLineKeys, type HailKeys, newHailKeys, recorderLineKeys } from './hail.ts'
import type { LineKeys } from './sealed-line.ts'

export type HandshakeStep =
  | { readonly state: 'going-on'; readonly send: readonly Relayed[] }
  | { readonly state: 'proved'; readonly send: readonly Relayed[]; readonly keys: LineKeys }
  | { readonly state: 'failed'; readonly reason: 'wrong-number' | 'protocol-error' }

/** How two ends come to a key over the relay; `Proof` between the people, a hail between agent and recorder. */
export interface Handshake {
  /** What to send before anything was received. */
  start(): readonly Relayed[]
  receive(message: Relayed): HandshakeStep
}

const PROTOCOL_ERROR: HandshakeStep = { state: 'failed', reason: 'protocol-error' }

/** The agent's side; `recorderKey` is the X25519 key that the operator's policy names, in base64url. */
export function hailRecorder(recorderKey: string, sessionId: string): Handshake {
  const own = newHailKeys()
  return {
    start: () => [{ t: 'hail', y: toBase64Url(own.publicKey) }],
    receive(message) {
      if (message.t !== 'hail') return PROTOCOL_ERROR
      try {
        const theirs = fromBase64Url(message.y)
        const keys = agentLineKeys(own, fromBase64Url(recorderKey), theirs, sessionId)
        return { state: 'proved', send: [], keys }
      } catch {
        return PROTOCOL_ERROR
      }
    },
  }
}

export function answerHail(staticKeys: HailKeys, sessionId: string): Handshake {
  return {
    start: () => [],
    receive(message) {
      if (message.t !== 'hail') return PROTOCOL_ERROR
      const own = newHailKeys()
      try {
        const keys = recorderLineKeys(staticKeys, own, fromBase64Url(message.y), sessionId)
        return { state: 'proved', send: [{ t: 'hail', y: toBase64Url(own.publicKey) }], keys }
      } catch {
        return PROTOCOL_ERROR
      }
    },
  }
}
