import { type Clock, systemClock } from '../../../peer/clock.ts'
import type { Clipboard } from '../port.ts'
import { clipboardAtoms } from './clipboard-atoms.ts'
import { type ClipboardHearing, hearClipboard } from './clipboard-hearing.ts'
import { createClipboardOwner } from './clipboard-owner.ts'
import type { XConnection } from './connection.ts'

const NONE = 0

/** What people mean by the clipboard: the selection CLIPBOARD, not what is merely marked with the mouse. */
export async function openClipboard(connection: XConnection, clock: Clock = systemClock): Promise<Clipboard> {
  const { client } = connection
  const atoms = await clipboardAtoms(connection)
  const owner = createClipboardOwner(connection, atoms)
  /** What was asked last of each owner, while it goes on. */
  const hearings = new Map<number, ClipboardHearing>()
  let work: Promise<unknown> = Promise.resolve()
  let over: Error | undefined

  function end(reason: Error): void {
    over ??= reason
    for (const hearing of hearings.values()) hearing.stop(reason)
  }

  function inTurn<T>(action: () => Promise<T>): Promise<T> {
    const result = work.then(() => {
      if (over) throw over
      return action()
    })
    work = result.catch(() => {})
    return result
  }

  async function read(maxLength: number): Promise<string | null> {
    const window = await connection.ask<number>((done) => client.GetSelectionOwner(atoms.CLIPBOARD, done))
    if (window === NONE) return null
    const own = owner.text()
    if (window === owner.window && own !== undefined) return atMost(own, maxLength)
    const after = hearings.get(window)?.ended
    const hearing = hearClipboard({ connection, atoms, clock, maxLength, after })
    hearings.set(window, hearing)
    hearing.ended.then(() => {
      if (hearings.get(window) === hearing) hearings.delete(window)
    })
    if (over) hearing.stop(over)
    return hearing.text
  }

  connection.onLost(end)
  return {
    write: (text) => inTurn(() => owner.own(text)),
    read: (maxLength) => inTurn(() => read(maxLength)),
    async close() {
      end(new Error('The clipboard was closed.'))
      await work
      await Promise.all([...hearings.values()].map(({ ended }) => ended))
      owner.close()
      await connection.sync().catch(() => {})
    },
  }
}

function atMost(text: string, maxLength: number): string | null {
  if (text.length > maxLength) {
    throw new RangeError(`The text on the clipboard is longer than ${maxLength} characters.`)
  }
  return text === '' ? null : text
}
