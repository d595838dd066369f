import { encodeFrame } from '../protocol/frame.ts'
import { type RecorderToAgent, recorderToAgent } from '../protocol/messages/recording.ts'
import { type AgentMessage, readAgentMessage } from './agent-message.ts'
import type { TroubleReason } from './vault-failure.ts'

/** The `records` channel of one link whose fingerprints are confirmed. */
export interface RecordsConnection {
  send(frame: Uint8Array): void
  /** The link is of no more use; what was sent should still go out. */
  close(): void
}

/** One link's words, taken apart and put together; the messages wait here until the session gets to them. */
export class AgentLine {
  readonly #connection: RecordsConnection
  readonly #inbox: { readonly message: AgentMessage; readonly bytes: number }[] = []
  #waitingBytes = 0
  /** The agent has said on this link which recording it is about. */
  isOpen = false
  /** It spoke when nobody listened any more; worth one line in the log, not one for each frame. */
  isLate = false
  /** Newest beat that was answered. */
  #beat = 0

  constructor(connection: RecordsConnection) {
    this.#connection = connection
  }

  get waitingBytes(): number {
    return this.#waitingBytes
  }

  /** Throws a `Refusal` on anything but a message of an agent. */
  put(frame: string | Uint8Array): void {
    this.#inbox.push({ message: readAgentMessage(frame), bytes: frame.length })
    this.#waitingBytes += frame.length
  }

  take(): AgentMessage | undefined {
    const next = this.#inbox.shift()
    this.#waitingBytes -= next?.bytes ?? 0
    return next?.message
  }

  /** @param beat the one that is answered with this, 0 for none */
  acknowledge(epoch: number, seq: number, beat: number): void {
    this.#beat = Math.max(this.#beat, beat)
    this.#send({ t: 'ack', epoch, seq, beat: this.#beat })
  }

  tellTrouble(epoch: number, reason: TroubleReason): void {
    this.#send({ t: 'trouble', epoch, reason })
  }

  close(): void {
    this.#connection.close()
  }

  #send(message: RecorderToAgent): void {
    this.#connection.send(encodeFrame(recorderToAgent, message, new Uint8Array()))
  }
}
