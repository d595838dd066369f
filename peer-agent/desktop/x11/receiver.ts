import { setTimeout } from 'node:timers/promises'
import type { XConnection } from './connection.ts'
import { noLongerThan } from './no-longer-than.ts'

/**
 * The program that has the keyboard. It looks up what a key means when it comes to deal with it, which may be later
 * than the key was sent: Chromium, for one, reads about new meanings on another line than the keys themselves.
 */
export interface Receiver {
  /**
   * Resolves once it has dealt with everything so far. Most programs say so (_NET_WM_PING of the Extended Window
   * Manager Hints); for the others it waits `elseMs`.
   */
  caughtUp(elseMs: number): Promise<void>
}

/** A program that answers later than this hangs. */
const LONGEST_MS = 1000
const SUBSTRUCTURE_NOTIFY = 1 << 19
const POINTER_ROOT = 1
const ANY_TYPE = 0
const MOST_PROTOCOLS = 32
const MOST_ANCESTORS = 32

export async function openReceiver(connection: XConnection): Promise<Receiver> {
  const { client, root } = connection
  const atom = (name: string) => connection.ask<number>((done) => client.InternAtom(false, name, done))
  const [protocols, ping] = await Promise.all([atom('WM_PROTOCOLS'), atom('_NET_WM_PING')])
  const awaited = new Map<number, () => void>()
  let serial = 0

  // Programs send their answer to the root window, where the window manager and we look for it.
  connection.addRootEvents(SUBSTRUCTURE_NOTIFY)
  connection.onEvent((event) => {
    if (event.name !== 'ClientMessage' || event.message_type !== protocols || event.data[0] !== ping) return
    awaited.get(event.data[1] ?? 0)?.()
  })

  async function answers(window: number): Promise<boolean> {
    const { data } = await connection.ask<{ data: Buffer }>((done) =>
      client.GetProperty(0, window, protocols, ANY_TYPE, 0, MOST_PROTOCOLS, done),
    )
    for (let at = 0; at + 4 <= data.length; at += 4) if (data.readUInt32LE(at) === ping) return true
    return false
  }

  /** The window that has the keyboard, or one around it, if its program answers. */
  async function answering(): Promise<number | undefined> {
    let { focus: window } = await connection.ask<{ focus: number }>((done) => client.GetInputFocus(done))
    if (window <= POINTER_ROOT) return undefined
    for (let n = 0; n < MOST_ANCESTORS && window !== root && window !== 0; n++) {
      const asked = window
      const [isFound, { parent }] = await Promise.all([
        answers(asked),
        connection.ask<{ parent: number }>((done) => client.QueryTree(asked, done)),
      ])
      if (isFound) return asked
      window = parent
    }
    return undefined
  }

  return {
    async caughtUp(elseMs) {
      const window = await answering().catch(() => undefined)
      if (window === undefined) return void (await setTimeout(elseMs))
      // What stands where a window manager puts a time: no manager waits for one so small.
      const asked = ++serial
      const answered = new Promise<void>((resolve) => awaited.set(asked, resolve))
      client.SendClientMessage(window, window, protocols, 32, [ping, asked, window], 0)
      await noLongerThan(LONGEST_MS, answered)
      awaited.delete(asked)
    },
  }
}
