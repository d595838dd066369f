import type { Clock } from '../../peer/clock.ts'
import { SignalingClient, type WebSocketLike } from '../../peer/signaling-client.ts'
import type { EndReason } from '../../protocol/end-reason.ts'
import type { SignedDocument } from '../../protocol/identity.ts'
import type { Role } from '../../protocol/level.ts'
import { COUNTERSIGN_MS } from '../../protocol/messages/receipt.ts'
import {
  type CustomerToServer,
  customerToServer,
  type IceServer,
  PROTOCOL_VERSION,
  type RecorderLease,
  type ServerToCustomer,
  serverToCustomer,
} from '../../protocol/messages/signaling.ts'
import type { RefusedMessage } from '../../protocol/refusals.ts'

export type Joined = Extract<ServerToCustomer, { t: 'session.joined' }>

export interface ServiceLineEvents {
  joined(joined: Joined): void
  /** Before a session: the number was not taken, or the server can't be reached. */
  refused(problem: RefusedMessage | 'no-service'): void
  relayed(from: Role, body: string): void
  recorderAssigned(lease: RecorderLease | null): void
  /** Attached to the session again after a lost line: signaling works again. */
  reattached(): void
  ended(reason: EndReason, by: Role | null): void
}

/** The customer's connection to the signaling server, for one number after the other. */
export class ServiceLine {
  readonly #connect: () => WebSocketLike
  readonly #clock: Clock
  readonly #events: ServiceLineEvents
  #client: SignalingClient<ServerToCustomer, CustomerToServer> | undefined
  #nameplate: string | undefined
  #session: { readonly sessionId: string; readonly token: string } | undefined
  #iceServers: readonly IceServer[] = []
  #countersigned: (signed: SignedDocument | null) => void = () => {}

  constructor(connect: () => WebSocketLike, clock: Clock, events: ServiceLineEvents) {
    this.#connect = connect
    this.#clock = clock
    this.#events = events
  }

  get iceServers(): readonly IceServer[] {
    return this.#iceServers
  }

  /** Sends the nameplate, and nothing else of the number. Answered by `joined` or `refused`. */
  join(nameplate: string): void {
    this.#nameplate = nameplate
    this.#session = undefined
    if (this.#client?.isOpen) this.#sendJoin()
    else this.#client ??= this.#newClient()
  }

  relay(to: 'expert' | 'recorder', body: string): void {
    this.#client?.send({ t: 'relay', to, body })
  }

  /** Tells the server that the session is over. */
  leave(reason: EndReason): void {
    if (this.#session) this.#client?.send({ t: 'session.leave', reason })
    this.#session = undefined
  }

  /** Has the service sign the hash of a receipt; null at once without a line, or where no answer comes in time. */
  countersign(hash: string): Promise<SignedDocument | null> {
    if (!this.#client?.send({ t: 'receipt.sign', hash })) return Promise.resolve(null)
    return new Promise((resolve) => {
      const stopTimer = this.#clock.after(COUNTERSIGN_MS, () => this.#countersigned(null))
      this.#countersigned = (signed) => {
        stopTimer()
        resolve(signed)
      }
    })
  }

  close(): void {
    this.#client?.close()
    this.#client = undefined
  }

  #newClient(): SignalingClient<ServerToCustomer, CustomerToServer> {
    return new SignalingClient(
      {
        connect: this.#connect,
        decode: serverToCustomer,
        encode: customerToServer,
        clock: this.#clock,
        random: Math.random,
      },
      {
        opened: () => {
          if (this.#session) this.#client!.send({ t: 'session.reattach', ...this.#session })
          else if (this.#nameplate) this.#sendJoin()
        },
        message: (message) => this.#receive(message),
        down: () => {
          this.#countersigned(null)
          if (!this.#nameplate) return
          // The number may or may not have been burned: the customer is told and asks for a new one.
          this.#nameplate = undefined
          this.#events.refused('no-service')
        },
      },
    )
  }

  #sendJoin(): void {
    this.#client!.send({ t: 'number.join', nameplate: this.#nameplate!, protocol: PROTOCOL_VERSION })
  }

  #receive(message: ServerToCustomer): void {
    switch (message.t) {
      case 'session.joined':
        if (!this.#nameplate) return
        this.#nameplate = undefined
        this.#session = { sessionId: message.sessionId, token: message.token }
        this.#iceServers = message.iceServers
        this.#events.joined(message)
        break
      case 'session.reattached':
        this.#iceServers = message.iceServers
        this.#events.recorderAssigned(message.recorder)
        this.#events.reattached()
        break
      case 'recorder.assigned':
        this.#events.recorderAssigned(message.recorder)
        break
      case 'relayed':
        this.#events.relayed(message.from, message.body)
        break
      case 'session.ended':
        if (message.sessionId !== this.#session?.sessionId) return
        this.#session = undefined
        this.#events.ended(message.reason, message.by)
        break
      case 'receipt.signed':
        this.#countersigned(message.signed)
        break
      case 'refused':
        this.#refused(message)
        break
      case 'peer':
      // The link itself knows best whether the expert is there.
    }
  }

  #refused(message: RefusedMessage): void {
    if (this.#nameplate) {
      this.#nameplate = undefined
      this.#events.refused(message)
    } else if (message.code === 'session-over' && this.#session) {
      this.#session = undefined
      this.#events.ended('line-lost', null)
    }
  }
}
