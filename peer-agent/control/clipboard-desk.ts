import type { Clock } from '../../peer/clock.ts'
import {
  type ClipboardRefusal,
  type ClipboardToExpert,
  clipboardToExpert,
  expertToClipboard,
  MAX_CLIPBOARD_LENGTH,
} from '../../protocol/messages/clipboard.ts'
import type { Clipboard, Desktop } from '../desktop/port.ts'

/** What the customer is shown of it: enough to know it again, little enough to read. */
const WORDS_LENGTH = 60
/** An expert who asks for the copied text and gets no answer for this long was refused. */
const ANSWER_MS = 60_000

export interface ClipboardFacts {
  readonly isOn: boolean
  /** First words of what the expert asks to have. */
  readonly wanted: string | null
  readonly last: {
    readonly from: 'customer' | 'expert'
    readonly words: string
    readonly atMs: number
  } | null
}

export interface ClipboardDeskEvents {
  send(text: string): void
  /** Whether text may go over at all now: *control* is granted, no question is open, the picture is live. */
  isAllowed(): boolean
  /** Text went over; its length becomes a record, its words do not. */
  moved(from: 'customer' | 'expert', length: number): void
  changed(): void
}

/** Text between the two clipboards: one piece at a time, never by itself, always in sight of the customer. */
export class ClipboardDesk {
  readonly #desktop: Desktop
  readonly #clock: Clock
  readonly #events: ClipboardDeskEvents
  #clipboard: Promise<Clipboard> | undefined
  #isOn = true
  #wanted: string | null = null
  #last: ClipboardFacts['last'] = null
  #isClosed = false
  #stopTimer: () => void = () => {}

  constructor(desktop: Desktop, clock: Clock, events: ClipboardDeskEvents) {
    this.#desktop = desktop
    this.#clock = clock
    this.#events = events
  }

  get facts(): ClipboardFacts {
    return {
      isOn: this.#isOn,
      wanted: this.#wanted === null ? null : firstWords(this.#wanted),
      last: this.#last,
    }
  }

  /** Takes one message of the `clipboard` channel. Throws a `Refusal` on anything malformed. */
  receive(data: string | Uint8Array): void {
    const message = expertToClipboard.decode(data)
    const why = this.#whyNot()
    if (why) this.#refuse(why)
    else if (message.t === 'put') void this.#put(message.text)
    else void this.#read()
  }

  /** The customer lets it be used, or no longer. */
  switch(isOn: boolean): void {
    this.#isOn = isOn
    if (!isOn && this.#wanted !== null) this.answer(false)
    this.#events.changed()
  }

  /** The customer gives what the expert asked for, or not. */
  answer(isGiven: boolean): void {
    const text = this.#wanted
    if (text === null) return
    this.#forget()
    const why = isGiven ? this.#whyNot() : 'declined'
    if (why) this.#refuse(why)
    else {
      this.#tell({ t: 'given', text })
      this.#moved('customer', text)
    }
    this.#events.changed()
  }

  /** *control* ended, or the session: what was asked for is asked no longer. */
  drop(): void {
    if (this.#wanted === null) return
    this.#forget()
    this.#refuse('not-granted')
    this.#events.changed()
  }

  async close(): Promise<void> {
    this.#isClosed = true
    this.#forget()
    const clipboard = await this.#clipboard?.catch(() => undefined)
    await clipboard?.close()
  }

  #whyNot(): ClipboardRefusal | null {
    if (!this.#events.isAllowed()) return 'not-granted'
    return this.#isOn ? null : 'switched-off'
  }

  async #put(text: string): Promise<void> {
    try {
      const clipboard = await this.#open()
      await clipboard.write(text)
    } catch {
      this.#refuse('failed')
      return
    }
    if (this.#isClosed) return
    this.#tell({ t: 'put-done' })
    this.#moved('expert', text)
    this.#events.changed()
  }

  async #read(): Promise<void> {
    if (this.#wanted !== null) return
    let text: string | null
    try {
      text = await (await this.#open()).read(MAX_CLIPBOARD_LENGTH)
    } catch (error) {
      this.#refuse(error instanceof RangeError ? 'too-long' : 'failed')
      return
    }
    const why = this.#whyNot() ?? (text ? null : 'empty')
    if (why || !text) return this.#refuse(why ?? 'empty')
    this.#wanted = text
    this.#stopTimer()
    this.#stopTimer = this.#clock.after(ANSWER_MS, () => this.answer(false))
    this.#events.changed()
  }

  #open(): Promise<Clipboard> {
    this.#clipboard ??= this.#desktop.openClipboard()
    return this.#clipboard
  }

  #forget(): void {
    this.#stopTimer()
    this.#wanted = null
  }

  #moved(from: 'customer' | 'expert', text: string): void {
    this.#last = { from, words: firstWords(text), atMs: this.#clock.now() }
    this.#events.moved(from, text.length)
  }

  #refuse(reason: ClipboardRefusal): void {
    if (!this.#isClosed) this.#tell({ t: 'not-done', reason })
  }

  #tell(message: ClipboardToExpert): void {
    this.#events.send(clipboardToExpert.encode(message))
  }
}

/** On one line, and nothing in it that hides or reorders what stands there. */
function firstWords(text: string): string {
  const line = text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\s]+/gu, ' ').trim()
  const characters = [...line]
  return characters.length > WORDS_LENGTH ? `${characters.slice(0, WORDS_LENGTH).join('')} …` : line
}
