import { equalBytes } from '@noble/ciphers/utils.js'
import { hkdf } from '@noble/hashes/hkdf.js'
import { hmac } from '@noble/hashes/hmac.js'
import { sha512 } from '@noble/hashes/sha2.js'
import { randomBytes } from '@noble/hashes/utils.js'
import type { SignedDocument } from '../protocol/identity.ts'
import type { Relayed } from '../protocol/messages/relayed.ts'
import { PROTOCOL_VERSION } from '../protocol/messages/signaling.ts'
import { fromBase64Url, toBase64Url } from './base64url.ts'
import {
  type CpaceInput,
  type CpaceShare,
  cpaceKey,
  cpaceScalar,
  cpaceShare,
  lengthValueConcat,
  utf8,
} from './cpace.ts'
import type { Handshake, HandshakeStep } from './handshake.ts'
import type { LineKeys } from './sealed-line.ts'

type ProvingRole = 'customer' | 'expert'

export interface ProofInput {
  readonly role: ProvingRole
  /** The six digits of the session number that no server knows [N1]. */
  readonly secret: string
  readonly sessionId: string
  /** Where both ends met, e.g. `https://support.example`. */
  readonly origin: string
  /** The expert as the server vouches for them; both ends must have been told the same [T3]. */
  readonly card: SignedDocument
}

/**
 * Customer and expert prove to each other that they hold the same secret, before anything else is said [T1]: CPace
 * with the customer as initiator, then one confirmation each (draft-irtf-cfrg-cpace, section 9.4), the expert's first.
 */
export class Proof implements Handshake {
  readonly #input: ProofInput
  readonly #cpace: CpaceInput
  readonly #scalar = cpaceScalar(randomBytes(64))
  readonly #own: CpaceShare
  #exchange: { readonly isk: Uint8Array; readonly theirs: CpaceShare } | undefined
  #over = false

  constructor(input: ProofInput) {
    this.#input = input
    this.#cpace = {
      secret: utf8(input.secret),
      channel: lengthValueConcat(utf8('lotse customer'), utf8('lotse expert'), utf8(input.origin)),
      sessionId: utf8(input.sessionId),
    }
    this.#own = { y: cpaceShare(this.#cpace, this.#scalar), associated: this.#associated(input.role) }
  }

  start(): readonly Relayed[] {
    return this.#input.role === 'customer' ? [this.#shareMessage()] : []
  }

  receive(message: Relayed): HandshakeStep {
    if (this.#over) return this.#fail('protocol-error')
    if (message.t === 'share') return this.#takeShare(message)
    if (message.t === 'confirm') return this.#takeConfirmation(message.tag)
    return this.#fail('protocol-error')
  }

  #takeShare(message: Extract<Relayed, { t: 'share' }>): HandshakeStep {
    if (this.#exchange || message.protocol !== PROTOCOL_VERSION) return this.#fail('protocol-error')
    const isCustomer = this.#input.role === 'customer'
    const theirRole = isCustomer ? 'expert' : 'customer'
    const theirs = { y: fromBase64Url(message.y), associated: this.#associated(theirRole) }
    try {
      const isk = isCustomer
        ? cpaceKey(this.#cpace, this.#scalar, this.#own, theirs, 'responder')
        : cpaceKey(this.#cpace, this.#scalar, theirs, this.#own, 'initiator')
      this.#exchange = { isk, theirs }
    } catch {
      return this.#fail('protocol-error')
    }
    return {
      state: 'going-on',
      send: isCustomer ? [] : [this.#shareMessage(), this.#confirmMessage()],
    }
  }

  #takeConfirmation(tag: string): HandshakeStep {
    if (!this.#exchange) return this.#fail('protocol-error')
    const { isk, theirs } = this.#exchange
    const theirRole = this.#input.role === 'customer' ? 'expert' : 'customer'
    const expected = this.#tag(isk, theirRole, theirs)
    if (!equalBytes(expected, fromBase64Url(tag))) return this.#fail('wrong-number')
    this.#over = true
    return {
      state: 'proved',
      send: this.#input.role === 'customer' ? [this.#confirmMessage()] : [],
      keys: this.#keys(isk),
    }
  }

  #fail(reason: 'wrong-number' | 'protocol-error'): HandshakeStep {
    this.#over = true
    return { state: 'failed', reason }
  }

  #shareMessage(): Relayed {
    return { t: 'share', y: toBase64Url(this.#own.y), protocol: PROTOCOL_VERSION }
  }

  #confirmMessage(): Relayed {
    return {
      t: 'confirm',
      tag: toBase64Url(this.#tag(this.#exchange!.isk, this.#input.role, this.#own)),
    }
  }

  /** What a role binds to the key: the protocol's version and, for the expert, who the server says they are. */
  #associated(role: ProvingRole): Uint8Array {
    const version = utf8(`lotse/${PROTOCOL_VERSION} ${role}`)
    if (role === 'customer') return version
    const { document, signature } = this.#input.card
    return lengthValueConcat(version, utf8(document), utf8(signature))
  }

  #tag(isk: Uint8Array, role: ProvingRole, share: CpaceShare): Uint8Array {
    return hmac(sha512, this.#derive(isk, `confirm ${role}`), lengthValueConcat(share.y, share.associated))
  }

  #keys(isk: Uint8Array): LineKeys {
    const toExpert = this.#derive(isk, 'signaling customer to expert')
    const toCustomer = this.#derive(isk, 'signaling expert to customer')
    const fingerprints = this.#derive(isk, 'fingerprints')
    return this.#input.role === 'customer'
      ? { send: toExpert, receive: toCustomer, fingerprints }
      : { send: toCustomer, receive: toExpert, fingerprints }
  }

  #derive(isk: Uint8Array, purpose: string): Uint8Array {
    return hkdf(sha512, isk, utf8(this.#input.sessionId), utf8(`lotse v1 ${purpose}`), 32)
  }
}
