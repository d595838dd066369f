import { nanoid } from 'nanoid'
import { type ChatLine, chatMessage, MAX_CHAT_LENGTH } from '../protocol/messages/chat.ts'
import { Refusal } from '../protocol/refusals.ts'

type ChatSide = 'customer' | 'expert'

export interface ChatEntry {
  readonly id: string
  readonly from: ChatSide
  readonly text: string
  readonly atMs: number
  /** False until the other side has it. */
  readonly delivered: boolean
}

export interface ChatBoxEvents {
  /** A text message for the `chat` channel; what is not taken is sent again by `resend`. */
  send(text: string): void
  /** A new line, or one that is delivered now. */
  changed(entry: ChatEntry, isNew: boolean): void
}

/** Most lines one side may send in a session; a flood ends at this dam. */
const MAX_LINES = 5_000

/** One side's chat: nothing is lost with a line and nothing shown twice. */
export class ChatBox {
  readonly #own: ChatSide
  readonly #now: () => number
  readonly #events: ChatBoxEvents
  readonly #entries = new Map<string, ChatEntry>()

  constructor(own: ChatSide, now: () => number, events: ChatBoxEvents) {
    this.#own = own
    this.#now = now
    this.#events = events
  }

  get entries(): readonly ChatEntry[] {
    return [...this.#entries.values()]
  }

  /** Returns false where there is nothing to send: empty, too long or too many lines. */
  say(text: string): boolean {
    const trimmed = text.trim()
    if (trimmed === '' || trimmed.length > MAX_CHAT_LENGTH || this.#entries.size >= MAX_LINES) return false
    const line: ChatLine = { t: 'chat', id: nanoid(), text: trimmed, atMs: this.#now() }
    this.#put({ id: line.id, from: this.#own, text: trimmed, atMs: line.atMs, delivered: false }, true)
    this.#events.send(chatMessage.encode(line))
    return true
  }

  /** Takes one message of the other side. Throws a `Refusal` on anything malformed. */
  receive(data: string | Uint8Array): void {
    const message = chatMessage.decode(data)
    if (message.t === 'received') {
      const entry = this.#entries.get(message.id)
      if (entry && entry.from === this.#own && !entry.delivered)
        this.#put({ ...entry, delivered: true }, false)
      return
    }
    if (!this.#entries.has(message.id)) {
      if (this.#entries.size >= MAX_LINES) throw new Refusal('too-large')
      const from = this.#own === 'customer' ? 'expert' : 'customer'
      // The time shown is this side's: the other clock may be wrong.
      this.#put({ id: message.id, from, text: message.text, atMs: this.#now(), delivered: true }, true)
    }
    this.#events.send(chatMessage.encode({ t: 'received', id: message.id }))
  }

  /** After a new link: says again whatever the other side has not confirmed. */
  resend(): void {
    for (const { id, from, text, atMs, delivered } of this.#entries.values()) {
      if (from === this.#own && !delivered)
        this.#events.send(chatMessage.encode({ t: 'chat', id, text, atMs }))
    }
  }

  #put(entry: ChatEntry, isNew: boolean): void {
    this.#entries.set(entry.id, entry)
    this.#events.changed(entry, isNew)
  }
}
