import { gcm } from '@noble/ciphers/aes.js'
import { type Relayed, type SealedContent, sealedContent } from '../protocol/messages/relayed.ts'
import { Refusal } from '../protocol/refusals.ts'
import { fromBase64Url, toBase64Url } from './base64url.ts'
import { utf8 } from './cpace.ts'

/** One key for each direction of a line, 32 bytes each, and one that binds the DTLS fingerprints [T1, T2]. */
export interface LineKeys {
  readonly send: Uint8Array
  readonly receive: Uint8Array
  readonly fingerprints: Uint8Array
}

/**
 * Signaling between two ends that the server relays and cannot read: AES-256-GCM, the message number as nonce and
 * covered by the seal. Numbers only rise, so a replayed, reflected or reordered message is refused.
 */
export class SealedLine {
  readonly #keys: LineKeys
  readonly #sessionId: string
  #nextNumber = 0
  #lastReceived = -1

  constructor(keys: LineKeys, sessionId: string) {
    this.#keys = keys
    this.#sessionId = sessionId
  }

  seal(content: SealedContent): Relayed {
    const n = this.#nextNumber++
    const box = this.#cipher(this.#keys.send, n).encrypt(utf8(sealedContent.encode(content)))
    return { t: 'sealed', n, box: toBase64Url(box) }
  }

  /** Throws `Refusal('malformed')` for anything the other end did not seal as its next message. */
  open(message: Extract<Relayed, { t: 'sealed' }>): SealedContent {
    if (message.n <= this.#lastReceived) throw new Refusal('malformed')
    let plain: Uint8Array
    try {
      plain = this.#cipher(this.#keys.receive, message.n).decrypt(fromBase64Url(message.box))
    } catch {
      throw new Refusal('malformed')
    }
    this.#lastReceived = message.n
    return sealedContent.decode(plain)
  }

  #cipher(key: Uint8Array, n: number) {
    const nonce = new Uint8Array(12)
    new DataView(nonce.buffer).setBigUint64(4, BigInt(n))
    return gcm(key, nonce, utf8(`lotse sealed v1 ${this.#sessionId}`))
  }
}
