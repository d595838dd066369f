import { once } from 'node:events'
import { WebSocket } from 'ws'

export interface Message {
  readonly t: string
  readonly [key: string]: unknown
}

/** A client that keeps what it gets, in order, and lets a test wait for it. */
export class TestSocket {
  readonly ws: WebSocket
  /** Everything received. */
  readonly all: Message[] = []
  /** The close code, once the socket is closed. */
  readonly closed: Promise<number>
  #unread: Message[] = []
  #waiting: (() => void)[] = []
  #isClosed = false

  constructor(url: string, headers: Record<string, string>) {
    this.ws = new WebSocket(url, { headers, perMessageDeflate: false })
    this.ws.on('message', (data) => {
      const message = JSON.parse(String(data)) as Message
      this.all.push(message)
      this.#unread.push(message)
      this.#wakeAll()
    })
    this.ws.on('error', () => undefined)
    this.closed = new Promise((resolve) => {
      this.ws.on('close', (code) => {
        this.#isClosed = true
        this.#wakeAll()
        resolve(code)
      })
    })
  }

  static async open(url: string, headers: Record<string, string> = {}): Promise<TestSocket> {
    const socket = new TestSocket(url, headers)
    await once(socket.ws, 'open')
    return socket
  }

  send(message: object): void {
    this.ws.send(JSON.stringify(message))
  }

  /** The next message of one of these types that has not been read; those before it are skipped. */
  async next(...types: string[]): Promise<Message> {
    for (;;) {
      const index = this.#unread.findIndex(({ t }) => types.includes(t))
      if (index >= 0) {
        const found = this.#unread[index]!
        this.#unread = this.#unread.slice(index + 1)
        return found
      }
      await this.#change(`waiting for ${types.join(' or ')}`)
    }
  }

  /** The code of the next refusal. */
  async refusal(): Promise<unknown> {
    return (await this.next('refused')).code
  }

  /** Asks and waits for the answer of this type. */
  ask(message: object, answer: string): Promise<Message> {
    this.send(message)
    return this.next(answer)
  }

  /**
   * Resolves when everything sent before has been handled: a message that is always refused comes back. What else
   * arrives meanwhile stays unread.
   */
  async settled(): Promise<void> {
    const from = this.all.length
    this.send({ t: 'session.reattach', sessionId: 'a'.repeat(22), token: 'b'.repeat(43) })
    for (;;) {
      const answer = this.all.slice(from).find(({ t }) => t === 'refused')
      if (answer) {
        this.#unread = this.#unread.filter((message) => message !== answer)
        return
      }
      await this.#change('settling')
    }
  }

  async #change(doing: string): Promise<void> {
    if (this.#isClosed) throw new Error(`closed while ${doing}; got ${JSON.stringify(this.all.slice(-3))}`)
    await new Promise<void>((resolve) => this.#waiting.push(resolve))
  }

  #wakeAll(): void {
    for (const wake of this.#waiting.splice(0)) wake()
  }

  async close(): Promise<void> {
    this.ws.close()
    await this.closed
  }

  /** As when the machine loses power: no good-bye. */
  cut(): void {
    this.ws.terminate()
  }
}
