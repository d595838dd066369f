import type { WebSocket } from 'ws'
import type { Clock } from '../clock.ts'
import { type Bucket, type BucketRule, fullBucket, take } from '../limits/token-bucket.ts'

/** A reader this far behind is given up: its line is too slow, and our memory is everybody's. */
export const MAX_BUFFERED_BYTES = 1024 * 1024
/** Messages that wait for the one before; above, nothing more is read from the socket until they are done. */
const MAX_QUEUED = 32

export interface Pace {
  readonly messages: BucketRule
  readonly bytes: BucketRule
}

export interface WireEvents {
  /** One at a time: the next message waits until this one is done. Must not reject. */
  onMessage(data: Buffer, isBinary: boolean): Promise<void>
  onClosed(): void
}

/** One WebSocket with bounded memory in both directions, messages in order, and a heartbeat. Knows no session. */
export class Wire {
  readonly #socket: WebSocket
  readonly #clock: Clock
  readonly #pace: Pace | null
  readonly #events: WireEvents
  readonly #queue: { data: Buffer; isBinary: boolean }[] = []
  #pumping: Promise<void> = Promise.resolve()
  #isPumping = false
  #unanswered = 0
  #closed = false
  #isSocketGone = false
  #messages: Bucket | null = null
  #bytes: Bucket | null = null

  /**
   * Listens at once, so that nothing sent right after the upgrade is missed.
   * @param pace null for a sender we trust not to flood
   */
  constructor(
    socket: WebSocket,
    { clock, pace, events }: { clock: Clock; pace: Pace | null; events: WireEvents },
  ) {
    this.#socket = socket
    this.#clock = clock
    this.#pace = pace
    this.#events = events
    socket.on('message', (data, isBinary) => this.#arrived(data as Buffer, isBinary))
    socket.on('pong', () => {
      this.#unanswered = 0
    })
    socket.on('close', () => {
      this.#isSocketGone = true
      // What was said before the good-bye still counts: often it is the reason for it.
      this.#pumping.then(() => this.#gone())
    })
  }

  /** True as soon as nothing that is sent can arrive. */
  get isClosed(): boolean {
    return this.#closed || this.#isSocketGone
  }

  send(text: string): void {
    if (this.isClosed || this.#socket.readyState !== this.#socket.OPEN) return
    this.#socket.send(text)
    if (this.#socket.bufferedAmount > MAX_BUFFERED_BYTES) this.#socket.terminate()
  }

  /** No message is handled after this, also none that had arrived. */
  close(code: number): void {
    this.#queue.length = 0
    this.#socket.resume()
    this.#socket.close(code)
    this.#gone()
  }

  terminate(): void {
    this.#socket.terminate()
  }

  /** One heartbeat: gone after two that were not answered. */
  beat(): void {
    if (this.#unanswered >= 2) this.#socket.terminate()
    else this.#socket.ping()
    this.#unanswered++
  }

  /** Resolves when no message is being handled any more. */
  async idle(): Promise<void> {
    await this.#pumping
  }

  #gone(): void {
    if (this.#closed) return
    this.#closed = true
    this.#queue.length = 0
    this.#events.onClosed()
  }

  #arrived(data: Buffer, isBinary: boolean): void {
    if (this.#closed) return
    this.#unanswered = 0
    this.#queue.push({ data, isBinary })
    if (this.#queue.length > MAX_QUEUED) this.#socket.pause()
    if (this.#isPumping) return
    this.#isPumping = true
    this.#pumping = this.#pump()
  }

  async #pump(): Promise<void> {
    for (let next = this.#queue.shift(); next; next = this.#queue.shift()) {
      await this.#paced(next.data.byteLength)
      if (this.#closed) break
      await this.#events.onMessage(next.data, next.isBinary)
      if (this.#queue.length === 0) this.#socket.resume()
    }
    this.#isPumping = false
  }

  /** Waits where the sender is too fast; reading from its socket stops meanwhile, so it feels the brake itself. */
  async #paced(bytes: number): Promise<void> {
    const pace = this.#pace
    while (pace && !this.isClosed) {
      const nowMs = this.#clock.nowMs()
      const byCount = take(this.#messages ?? fullBucket(pace.messages, nowMs), pace.messages, nowMs)
      const byBytes = take(this.#bytes ?? fullBucket(pace.bytes, nowMs), pace.bytes, nowMs, bytes)
      const waitMs = Math.max(byCount.waitMs, byBytes.waitMs)
      if (waitMs === 0) {
        this.#messages = byCount.bucket
        this.#bytes = byBytes.bucket
        return
      }
      this.#socket.pause()
      await new Promise<void>((resolve) => this.#clock.after(waitMs, resolve))
      this.#socket.resume()
    }
  }
}
