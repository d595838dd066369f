import type { Clock } from '../../../peer/clock.ts'
import type { ClipboardAtoms } from './clipboard-atoms.ts'
import type { XConnection } from './connection.ts'
import { selectionEvents } from './selection-events.ts'
import { createUnseenWindow } from './unseen-window.ts'

/** One question to the program that owns the clipboard: what text is on it? (ICCCM 2.4, 2.5, 2.7.2) */
export interface ClipboardHearing {
  /** Null where there is none; rejects with a RangeError where it is longer than wanted. */
  readonly text: Promise<string | null>
  /** Later than `text` where that gave up: the other program is heard out. */
  readonly ended: Promise<void>
  stop(reason: Error): void
}

/** How long the other program may let us wait for each step, and for everything. */
const SILENT_MS = 1000
const WHOLE_MS = 5000
const SILENT = 'The program that holds the clipboard does not answer.'
/** Of a text that is too long the rest is taken and dropped, up to here. */
const MOST_DROPPED_BYTES = 64 * 1024 * 1024
/** A UTF-16 unit is worth no more in UTF-8. */
const BYTES_PER_UNIT = 3
const NONE = 0
const ANY_TYPE = 0
const DELETE = 1
const NEW_VALUE = 0

interface Property {
  readonly type: number
  readonly format: number
  readonly data: Buffer
  readonly bytesAfter: number
}

export interface HearingOptions {
  readonly connection: XConnection
  readonly atoms: ClipboardAtoms
  readonly clock: Clock
  /** In UTF-16 units. */
  readonly maxLength: number
  /** The end of an earlier question to the same program: some can't answer two at a time. */
  readonly after: Promise<void> | undefined
}

/**
 * Each question has a window of its own, so that a late answer is never taken for another's. The window stays until
 * the other program has said all: many a program ends, and the copied text with it, when its listener goes first.
 */
export function hearClipboard(options: HearingOptions): ClipboardHearing {
  const { connection, atoms, clock, maxLength } = options
  const { client } = connection
  const window = createUnseenWindow(connection)
  const events = selectionEvents(connection, window.id)
  const mostBytes = maxLength * BYTES_PER_UNIT
  const endMs = clock.steadyMs() + WHOLE_MS
  let isWanted = true
  let isTooLong = false
  let reject: (reason: Error) => void = () => {}
  let endPatience = () => {}

  function giveUp(reason: Error): void {
    isWanted = false
    endPatience()
    reject(reason)
  }

  const tooLong = () => new RangeError(`The text on the clipboard is longer than ${maxLength} characters.`)

  function awaitWithPatience<T>(answer: Promise<T>): Promise<T> {
    endPatience()
    const patienceMs = Math.min(SILENT_MS, endMs - clock.steadyMs())
    if (isWanted) {
      endPatience = clock.after(patienceMs, () => giveUp(isTooLong ? tooLong() : new Error(SILENT)))
    }
    return answer
  }

  const next = () => awaitWithPatience(events.next())

  /** Takes what lies there, at most about so many bytes; what was taken whole is deleted. */
  function take(atMostBytes: number): Promise<Property> {
    const words = Math.ceil(atMostBytes / 4) + 1
    return connection.ask<Property>((done) =>
      client.GetProperty(DELETE, window.id, atoms.LOTSE_CLIPBOARD, ANY_TYPE, 0, words, done),
    )
  }

  async function answer(target: number): Promise<string | undefined> {
    const time = await window.serverTime(atoms.LOTSE_TIME)
    client.ConvertSelection(window.id, atoms.CLIPBOARD, target, atoms.LOTSE_CLIPBOARD, time)
    for (;;) {
      const event = await next()
      if (event.name !== 'SelectionNotify' || event.target !== target) continue
      if (event.property === NONE) return undefined
      break
    }
    const whole = await take(mostBytes)
    if (whole.type === atoms.INCR) return pieces()
    if (whole.bytesAfter > 0) throw tooLong()
    return decode(whole, whole.data)
  }

  /** A piece is there when its property is new, and the next comes when that is deleted; an empty one is the last. */
  async function pieces(): Promise<string | undefined> {
    const kept: Buffer[] = []
    let bytes = 0
    for (;;) {
      const event = await next()
      if (event.name !== 'PropertyNotify' || event.state !== NEW_VALUE) continue
      if (event.atom !== atoms.LOTSE_CLIPBOARD) continue
      const piece = await take(MOST_DROPPED_BYTES)
      if (piece.type === NONE) continue
      if (piece.data.length === 0) {
        if (isTooLong) throw tooLong()
        return decode(piece, Buffer.concat(kept))
      }
      bytes += piece.data.length
      if (bytes > MOST_DROPPED_BYTES) throw tooLong()
      isTooLong = bytes > mostBytes
      if (isWanted && !isTooLong) kept.push(piece.data)
      else kept.length = 0
    }
  }

  function decode({ type, format }: Property, data: Buffer): string | undefined {
    if (format !== 8 || (type !== atoms.UTF8_STRING && type !== atoms.STRING)) return undefined
    const text = data.toString(type === atoms.STRING ? 'latin1' : 'utf8')
    if (text.length > maxLength) throw tooLong()
    return text
  }

  async function hear(): Promise<string | null> {
    if (options.after) await awaitWithPatience(options.after)
    for (const target of [atoms.UTF8_STRING, atoms.STRING]) {
      if (!isWanted) break
      const text = await answer(target)
      if (text !== undefined) return text === '' ? null : text
    }
    return null
  }

  function end(): void {
    endPatience()
    events.stop(new Error('The question is over.'))
    window.destroy()
  }

  const heard = hear()
  return {
    text: new Promise<string | null>((resolve, refuse) => {
      reject = refuse
      heard.then(resolve, refuse)
    }),
    ended: heard.then(end, end),
    stop(reason) {
      giveUp(reason)
      events.stop(reason)
    },
  }
}
