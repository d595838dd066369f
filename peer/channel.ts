import type { Clock } from './clock.ts'

/**
 * A data-channel message over 256 KiB closes the channel without a word, and past about 16 MB buffered messages
 * vanish (measured with libwebrtc M106): frames are cut into parts this small, and this much is handed over at most.
 */
export const PART_BYTES = 60_000
const HIGH_WATER_BYTES = 1024 * 1024
const LOSSY_HIGH_WATER_BYTES = 64 * 1024
const PUMP_INTERVAL_MS = 4
const LAST_PART = 1

/** What happens when the line is slower than the sender: `wait` queues, `drop` forgets the newest message. */
export interface ChannelSpec {
  readonly label: string
  /** Fixed on both ends (negotiated), so that no end waits for the other's announcement. */
  readonly id: number
  readonly policy: 'wait' | 'drop'
  /** Largest text or joined frame accepted from the other end. */
  readonly maxBytes: number
  /** Most that may wait here; a sender that outruns it has ignored the line's pace and loses the link. */
  readonly maxQueuedBytes: number
}

export interface ChannelEvents {
  opened(): void
  message(data: string | Uint8Array): void
  closed(): void
  /** The other end broke a limit, or this end outran its queue; the link is to be closed. */
  broken(reason: string): void
}

/** One named channel: text messages whole, byte frames in parts, both in order. */
export class Channel {
  readonly #spec: ChannelSpec
  readonly #raw: RTCDataChannel
  readonly #clock: Clock
  readonly #events: ChannelEvents
  readonly #queue: (string | Uint8Array<ArrayBuffer>)[] = []
  #queuedBytes = 0
  #stopPump: (() => void) | undefined
  #parts: Uint8Array[] = []
  #partsBytes = 0
  #isClosed = false

  constructor(connection: RTCPeerConnection, spec: ChannelSpec, clock: Clock, events: ChannelEvents) {
    this.#spec = spec
    this.#clock = clock
    this.#events = events
    this.#raw = connection.createDataChannel(spec.label, {
      negotiated: true,
      id: spec.id,
      ordered: spec.policy === 'wait',
      ...(spec.policy === 'drop' ? { maxRetransmits: 0 } : {}),
    })
    this.#raw.binaryType = 'arraybuffer'
    this.#raw.onopen = () => events.opened()
    this.#raw.onclose = () => {
      if (!this.#isClosed) events.closed()
    }
    this.#raw.onmessage = (event) => {
      if (!this.#isClosed) this.#receive(event.data as string | ArrayBuffer)
    }
  }

  /** Returns false where the message was dropped: a closed channel, or a `drop` channel on a slow line. */
  send(data: string | Uint8Array): boolean {
    if (this.#isClosed || this.#raw.readyState !== 'open') return false
    if (this.#spec.policy === 'drop') {
      if (this.#raw.bufferedAmount > LOSSY_HIGH_WATER_BYTES) return false
      this.#hand(data as string | Uint8Array<ArrayBuffer>)
      return true
    }
    if (typeof data === 'string') this.#enqueue(data, data.length)
    else this.#enqueueParts(data)
    if (this.#queuedBytes > this.#spec.maxQueuedBytes) {
      this.#events.broken(`the queue of channel ${this.#spec.label} is full`)
      return false
    }
    this.#pump()
    return true
  }

  close(): void {
    this.#isClosed = true
    this.#stopPump?.()
    this.#queue.length = 0
    this.#queuedBytes = 0
    this.#parts = []
    try {
      this.#raw.close()
    } catch {
      // A connection that is gone takes its channels with it.
    }
  }

  #enqueueParts(frame: Uint8Array): void {
    for (let at = 0; at === 0 || at < frame.byteLength; at += PART_BYTES) {
      const body = frame.subarray(at, at + PART_BYTES)
      const part = new Uint8Array(body.byteLength + 1)
      part[0] = at + PART_BYTES >= frame.byteLength ? LAST_PART : 0
      part.set(body, 1)
      this.#enqueue(part, part.byteLength)
    }
  }

  #enqueue(message: string | Uint8Array<ArrayBuffer>, bytes: number): void {
    this.#queue.push(message)
    this.#queuedBytes += bytes
  }

  #pump(): void {
    this.#stopPump?.()
    this.#stopPump = undefined
    while (this.#queue.length > 0 && this.#raw.bufferedAmount < HIGH_WATER_BYTES) {
      const message = this.#queue.shift()!
      this.#queuedBytes -= typeof message === 'string' ? message.length : message.byteLength
      if (!this.#hand(message)) return
    }
    // wrtc has no `bufferedamountlow`, so a full connection is looked at again, and only while it is full.
    if (this.#queue.length > 0) this.#stopPump = this.#clock.after(PUMP_INTERVAL_MS, () => this.#pump())
  }

  #hand(message: string | Uint8Array<ArrayBuffer>): boolean {
    try {
      if (typeof message === 'string') this.#raw.send(message)
      else this.#raw.send(message)
      return true
    } catch {
      // The channel closed between the look at its state and the call; `closed` follows or has been told.
      return false
    }
  }

  #receive(data: string | ArrayBuffer): void {
    if (typeof data === 'string') {
      if (data.length > this.#spec.maxBytes) this.#events.broken(`too long a message on ${this.#spec.label}`)
      else this.#events.message(data)
      return
    }
    const part = new Uint8Array(data)
    const flag = part[0]
    if (flag !== 0 && flag !== LAST_PART) {
      this.#events.broken(`a part of unknown kind on ${this.#spec.label}`)
      return
    }
    this.#partsBytes += part.byteLength - 1
    if (this.#partsBytes > this.#spec.maxBytes || this.#parts.length > this.#spec.maxBytes / 1024 + 16) {
      this.#events.broken(`too large a frame on ${this.#spec.label}`)
      return
    }
    this.#parts.push(part.subarray(1))
    if (flag === LAST_PART) this.#events.message(this.#joinParts())
  }

  #joinParts(): Uint8Array {
    const frame = new Uint8Array(this.#partsBytes)
    let at = 0
    for (const part of this.#parts) {
      frame.set(part, at)
      at += part.byteLength
    }
    this.#parts = []
    this.#partsBytes = 0
    return frame
  }
}
