import type { EndReason } from '../protocol/end-reason.ts'
import { type Relayed, relayed, type SealedContent } from '../protocol/messages/relayed.ts'
import { fromBase64Url, toBase64Url } from './base64url.ts'
import { utf8 } from './cpace.ts'
import type { Handshake } from './handshake.ts'
import { LinkKeeper, type LinkKeeperEvents, type LinkKeeperOptions } from './link-keeper.ts'
import { SealedLine } from './sealed-line.ts'

type Stage = Extract<SealedContent, { t: 'stage' }>['stage']

export interface SecuredLineEvents extends Omit<LinkKeeperEvents, 'signal' | 'failed'> {
  /** A relay body for the other end. */
  relay(body: string): void
  /** Both ends hold the key; only now may anything of substance be said [T1]. */
  proved(): void
  stage(stage: Stage): void
  failed(reason: Extract<EndReason, 'wrong-number' | 'protocol-error' | 'fingerprint-mismatch'>): void
}

/** A relay body as the other end made it, or null where it is none: the relay is not trusted. */
export function readRelayBody(body: string): Relayed | null {
  try {
    return relayed.decode(fromBase64Url(body))
  } catch {
    return null
  }
}

/**
 * Everything between two ends of a session: first the handshake, then signaling that the server cannot read, then
 * the WebRTC link that it makes. What cannot be read or is out of turn is dropped: the relay is not trusted.
 */
export class SecuredLine {
  readonly #handshake: Handshake
  readonly #keeperOptions: Omit<LinkKeeperOptions, 'fingerprintsKey'>
  readonly #sessionId: string
  readonly #events: SecuredLineEvents
  #sealed: SealedLine | undefined
  #keeper: LinkKeeper | undefined
  #isOver = false

  constructor(
    handshake: Handshake,
    sessionId: string,
    keeperOptions: Omit<LinkKeeperOptions, 'fingerprintsKey'>,
    events: SecuredLineEvents,
  ) {
    this.#handshake = handshake
    this.#sessionId = sessionId
    this.#keeperOptions = keeperOptions
    this.#events = events
  }

  get isProved(): boolean {
    return this.#sealed !== undefined
  }

  get isUp(): boolean {
    return this.#keeper?.isUp ?? false
  }

  start(): void {
    this.#relayAll(this.#handshake.start())
  }

  /** Caller only, after `proved`. */
  call(): void {
    this.#keeper?.call()
  }

  /** Takes one relay body from the other end. */
  receive(body: string): void {
    const message = readRelayBody(body)
    if (this.#isOver || !message) return
    if (message.t === 'sealed') this.#receiveSealed(message)
    else if (!this.#sealed) this.#receiveHandshake(message)
  }

  tellStage(stage: Stage): void {
    this.#relaySealed({ t: 'stage', stage })
  }

  send(label: string, data: string | Uint8Array): boolean {
    return this.#keeper?.send(label, data) ?? false
  }

  close(): void {
    this.#isOver = true
    this.#keeper?.close()
  }

  #receiveHandshake(message: Relayed): void {
    const step = this.#handshake.receive(message)
    if (step.state === 'failed') {
      this.close()
      this.#events.failed(step.reason)
      return
    }
    this.#relayAll(step.send)
    if (step.state !== 'proved') return
    this.#sealed = new SealedLine(step.keys, this.#sessionId)
    this.#keeper = new LinkKeeper(
      { ...this.#keeperOptions, fingerprintsKey: step.keys.fingerprints },
      {
        signal: (content) => this.#relaySealed(content),
        ready: () => this.#events.ready(),
        message: (label, data) => this.#events.message(label, data),
        lost: () => this.#events.lost(),
        back: () => this.#events.back(),
        failed: (reason) => {
          this.close()
          this.#events.failed(reason)
        },
      },
    )
    this.#events.proved()
  }

  #receiveSealed(message: Extract<Relayed, { t: 'sealed' }>): void {
    let content: SealedContent
    try {
      if (!this.#sealed) return
      content = this.#sealed.open(message)
    } catch {
      // Forged, replayed, reflected or out of order: not the other end's words.
      return
    }
    if (content.t === 'stage') this.#events.stage(content.stage)
    else this.#keeper!.receive(content)
  }

  #relaySealed(content: SealedContent): void {
    if (this.#sealed && !this.#isOver) this.#relayAll([this.#sealed.seal(content)])
  }

  #relayAll(messages: readonly Relayed[]): void {
    for (const message of messages) this.#events.relay(toBase64Url(utf8(relayed.encode(message))))
  }
}
