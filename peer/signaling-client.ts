import type { Codec } from '../protocol/codec.ts'
import type { Clock } from './clock.ts'

const FIRST_BACK_OFF_MS = 250
const LONGEST_BACK_OFF_MS = 15_000
/** A server that has not answered the connection by then is taken as unreachable. */
const CONNECT_TIMEOUT_MS = 10_000

/** What both the browser's WebSocket and `ws` offer. */
export interface WebSocketLike {
  onopen: ((event: never) => void) | null
  onmessage: ((event: never) => void) | null
  onclose: ((event: never) => void) | null
  onerror: ((event: never) => void) | null
  send(data: string): void
  close(): void
}

export interface SignalingEvents<In> {
  /** Connected, at first or again; the owner says who it is. */
  opened(): void
  message(message: In): void
  /** The connection went, or could not be made; another try follows by itself. */
  down(attempt: number): void
}

/**
 * A connection to the signaling server that comes back by itself: back-off doubles from a quarter second to 15 s with
 * full jitter, so that thousands of clients of a restarted server do not come at once.
 */
export class SignalingClient<In, Out> {
  readonly #connect: () => WebSocketLike
  readonly #decode: Codec<In>
  readonly #encode: Codec<Out>
  readonly #clock: Clock
  readonly #random: () => number
  readonly #events: SignalingEvents<In>
  #socket: WebSocketLike | undefined
  #isOpen = false
  #isClosed = false
  #attempt = 0
  #stopWaiting: () => void = () => {}

  constructor(
    options: {
      connect: () => WebSocketLike
      decode: Codec<In>
      encode: Codec<Out>
      clock: Clock
      /** Uniform in [0, 1). */
      random: () => number
    },
    events: SignalingEvents<In>,
  ) {
    this.#connect = options.connect
    this.#decode = options.decode
    this.#encode = options.encode
    this.#clock = options.clock
    this.#random = options.random
    this.#events = events
    this.#open()
  }

  get isOpen(): boolean {
    return this.#isOpen
  }

  /** Returns false while there is no connection: nothing is queued, since the server's state may have changed. */
  send(message: Out): boolean {
    if (!this.#isOpen) return false
    this.#socket!.send(this.#encode.encode(message))
    return true
  }

  close(): void {
    this.#isClosed = true
    this.#isOpen = false
    this.#stopWaiting()
    this.#drop()
  }

  #open(): void {
    const socket = this.#connect()
    this.#socket = socket
    this.#stopWaiting = this.#clock.after(CONNECT_TIMEOUT_MS, () => this.#lost(socket))
    socket.onopen = () => {
      if (socket !== this.#socket) return
      this.#stopWaiting()
      this.#isOpen = true
      this.#attempt = 0
      this.#events.opened()
    }
    socket.onmessage = (event: { data: unknown }) => {
      if (socket === this.#socket) this.#receive(event.data)
    }
    socket.onclose = () => this.#lost(socket)
    socket.onerror = () => this.#lost(socket)
  }

  #receive(data: unknown): void {
    if (typeof data !== 'string') return
    let message: In
    try {
      message = this.#decode.decode(data)
    } catch {
      // A server that speaks another protocol, or a hostile one: what cannot be read is not acted on.
      return
    }
    this.#events.message(message)
  }

  #lost(socket: WebSocketLike): void {
    if (socket !== this.#socket || this.#isClosed) return
    this.#stopWaiting()
    this.#drop()
    this.#isOpen = false
    const ceiling = Math.min(LONGEST_BACK_OFF_MS, FIRST_BACK_OFF_MS * 2 ** this.#attempt)
    this.#attempt++
    this.#stopWaiting = this.#clock.after(ceiling * this.#random(), () => this.#open())
    this.#events.down(this.#attempt)
  }

  #drop(): void {
    const socket = this.#socket
    this.#socket = undefined
    if (!socket) return
    // `ws` reports an error when a connection that is still being made is closed: somebody must listen.
    socket.onerror = () => {}
    socket.onopen = socket.onclose = socket.onmessage = null
    socket.close()
  }
}
