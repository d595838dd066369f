import type { SelectionRequestEvent, XEvent } from 'x11'
import type { ClipboardAtoms } from './clipboard-atoms.ts'
import type { XConnection } from './connection.ts'
import { createUnseenWindow } from './unseen-window.ts'

/** Owns the clipboard while it holds a text of ours, and gives the text to whoever asks (ICCCM 2.1 to 2.3). */
export interface ClipboardOwner {
  readonly window: number
  /** Undefined as soon as another program has copied something. */
  text(): string | undefined
  own(text: string): Promise<void>
  close(): void
}

const NONE = 0
const REPLACE = 0
const CURRENT_TIME = 0
/** Larger texts would have to be handed over in pieces; a request carries 256 KiB at least. */
const MOST_BYTES = 200_000

interface Answer {
  readonly type: number
  readonly format: 8 | 32
  readonly data: Buffer
}

export function createClipboardOwner(connection: XConnection, atoms: ClipboardAtoms): ClipboardOwner {
  const { client } = connection
  const window = createUnseenWindow(connection)
  let held: { readonly text: string; readonly sinceTime: number; readonly claim: number } | undefined

  const events = (event: XEvent) => {
    if (event.name === 'SelectionRequest') {
      if (event.owner === window.id) reply(event)
    } else if (event.name === 'SelectionClear') {
      // One from before our latest claim speaks of the text before.
      const isOurs = event.owner === window.id && event.selection === atoms.CLIPBOARD
      if (isOurs && held && event.seq >= held.claim) held = undefined
    }
  }

  function reply(request: SelectionRequestEvent): void {
    const { requestor, selection, target, time } = request
    // A client of before the ICCCM names no property and means this one.
    const property = request.property === NONE ? target : request.property
    const answer = selection === atoms.CLIPBOARD ? answerTo(target, time) : undefined
    if (answer) client.ChangeProperty(REPLACE, requestor, property, answer.type, answer.format, answer.data)
    client.SendEvent(requestor, 0, 0, {
      name: 'SelectionNotify',
      time,
      requestor,
      selection,
      target,
      property: answer ? property : NONE,
    })
  }

  /** Undefined where the text cannot be had in this form, or was not ours yet at that time. */
  function answerTo(target: number, time: number): Answer | undefined {
    if (!held || (time !== CURRENT_TIME && isBefore(time, held.sinceTime))) return undefined
    const { text, sinceTime } = held
    switch (target) {
      case atoms.TARGETS:
        return { type: atoms.ATOM, format: 32, data: words(targets(text)) }
      case atoms.TIMESTAMP:
        return { type: atoms.INTEGER, format: 32, data: words([sinceTime]) }
      case atoms.UTF8_STRING:
      case atoms['text/plain;charset=utf-8']:
      case atoms['text/plain']:
        return { type: target, format: 8, data: Buffer.from(text) }
      case atoms.STRING:
        if (!isLatin1(text)) return undefined
        return { type: target, format: 8, data: Buffer.from(text, 'latin1') }
      default:
        return undefined
    }
  }

  function targets(text: string): number[] {
    const always = [atoms.TARGETS, atoms.TIMESTAMP, atoms.UTF8_STRING]
    const mime = [atoms['text/plain;charset=utf-8'], atoms['text/plain']]
    return isLatin1(text) ? [...always, atoms.STRING, ...mime] : [...always, ...mime]
  }

  client.on('event', events)
  return {
    window: window.id,
    text: () => held?.text,
    async own(text) {
      if (Buffer.byteLength(text) > MOST_BYTES)
        throw new RangeError('The text is too long for the clipboard.')
      const time = await window.serverTime(atoms.LOTSE_TIME)
      client.SetSelectionOwner(window.id, atoms.CLIPBOARD, time)
      // From here on somebody may ask for it.
      held = { text, sinceTime: time, claim: client.seq_num }
      const owner = await connection.ask<number>((done) => client.GetSelectionOwner(atoms.CLIPBOARD, done))
      if (owner === window.id) return
      held = undefined
      throw new Error('The text is not on the clipboard: another program has just put something else there.')
    },
    close() {
      held = undefined
      client.removeListener('event', events)
      window.destroy()
    },
  }
}

/** Whether STRING can say it (ICCCM 2.7.1). */
function isLatin1(text: string): boolean {
  return Buffer.from(text, 'latin1').toString('latin1') === text
}

/** The server's time starts anew after 49 days. */
function isBefore(time: number, other: number): boolean {
  return ((time - other) | 0) < 0
}

function words(values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length)
  values.forEach((value, index) => {
    bytes.writeUInt32LE(value >>> 0, 4 * index)
  })
  return bytes
}
