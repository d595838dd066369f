import { accessSync, constants, existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import x11, { type Answer, type Extensions, type XClient, type XDisplay, type XError, type XEvent } from 'x11'
import type { DesktopUnavailable } from '../unavailable.ts'
import { keepOwnAtoms } from './atoms.ts'
import { isWaylandSession, lost, missing, noDisplay, refused, unusual, waylandOnly } from './sentences.ts'

/** A thin layer of promises over the package `x11`: what is asked is answered, or rejects when the server is gone. */
export interface XConnection {
  readonly client: XClient
  readonly root: number
  readonly depth: number
  /** Sends one request that has a reply, or whose failure matters. */
  ask<T>(send: (done: Answer<T>) => void): Promise<T>
  /** Sends a request the package does not know; `parse` gets the reply's bytes from byte 8 on. */
  askRaw<T>(packet: Buffer, parse: (body: Buffer, detail: number) => T): Promise<T>
  /** Resolves once the server has worked off everything sent before. */
  sync(): Promise<void>
  extension<Name extends keyof Extensions>(name: Name): Promise<Extensions[Name]>
  hasExtension(name: string): Promise<boolean>
  /** X keeps one event mask per client and window: this adds to the root's. */
  addRootEvents(mask: number): void
  onEvent(listener: (event: XEvent) => void): void
  /** Called at most once, not after `close()`. */
  onLost(listener: (reason: DesktopUnavailable) => void): void
  close(): Promise<void>
}

export interface XConnectionOptions {
  /** Like the variable DISPLAY, which stands in where this is absent. */
  readonly display?: string | undefined
  /** Whether descriptors can be passed, which MIT-SHM needs. */
  readonly shm?: boolean
}

const LSB_FIRST = 0
/** Eight bits a colour; with 30 every colour has ten and lies elsewhere. */
const DEPTHS: readonly number[] = [24, 32]
/** How long an orderly goodbye may take before the socket is cut. */
const CLOSE_MS = 500

export async function connectX(options: XConnectionOptions = {}): Promise<XConnection> {
  const display = options.display ?? process.env.DISPLAY
  if (!display) throw isWaylandSession() ? waylandOnly() : noDisplay()
  const opened = await open(display, options.shm ?? false)
  const connection = wrap(opened, display)
  const screen = opened.screen[Number(opened.client.screenNum)] ?? opened.screen[0]
  if (!DEPTHS.includes(connection.depth) || opened.format[connection.depth]?.bits_per_pixel !== 32) {
    await connection.close()
    throw unusual(`it shows ${screen?.root_depth ?? 0} bits of colour instead of 24`)
  }
  if (opened.image_byte_order !== LSB_FIRST) {
    await connection.close()
    throw unusual('the X server keeps its pixels in the byte order of another kind of machine')
  }
  // Under Xwayland the root window is empty: a picture of it would be black, and nobody would know why.
  if (await connection.hasExtension('XWAYLAND')) {
    await connection.close()
    throw waylandOnly()
  }
  return connection
}

function open(display: string, shm: boolean): Promise<XDisplay> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error) => {
      if (isWaylandSession()) reject(waylandOnly())
      else reject(refused(display, error))
    }
    try {
      const options = cookiesAreReadable() ? { display, shm } : { display, shm, auth: { name: '', data: '' } }
      const client = x11.createClient(options, (error, opened) => (error ? fail(error) : resolve(opened)))
      client.on('error', fail)
    } catch (error) {
      fail(error as Error)
    }
  })
}

function wrap(opened: XDisplay, display: string): XConnection {
  const { client } = opened
  keepOwnAtoms(client)
  const screen = opened.screen[Number(client.screenNum)] ?? opened.screen[0]
  const root = screen?.root ?? 0
  const pending = new Set<(reason: Error) => void>()
  const lostListeners: ((reason: DesktopUnavailable) => void)[] = []
  let over: DesktopUnavailable | undefined
  let rootEvents = 0

  const finish = (reason: DesktopUnavailable) => {
    over = reason
    for (const reject of pending) reject(reason)
    pending.clear()
  }
  const lose = () => {
    if (over) return
    finish(lost(display))
    for (const listener of lostListeners) listener(over!)
  }
  client.on('end', lose)
  client.stream.on('close', lose)
  // An error with a code is one request's, e.g. for a window that went meanwhile: whoever cares used ask().
  client.on('error', (error: XError) => {
    if (error.error === undefined) lose()
  })

  function ask<T>(send: (done: Answer<T>) => void): Promise<T> {
    if (over) return Promise.reject(over)
    return new Promise<T>((resolve, reject) => {
      pending.add(reject)
      send((error, value) => {
        pending.delete(reject)
        if (error) reject(error)
        else resolve(value)
        return true
      })
    })
  }

  return {
    client,
    root,
    depth: screen?.root_depth ?? 0,
    ask,
    askRaw: <T>(packet: Buffer, parse: (body: Buffer, detail: number) => T) =>
      ask<T>((done) => {
        client.seq_num++
        client.replies[client.seq_num] = [parse, done as Answer<never>]
        client.pack_stream.put(packet)
        client.pack_stream.submit(true)
      }),
    async sync() {
      await ask((done) => client.GetInputFocus(done))
    },
    extension<Name extends keyof Extensions>(name: Name): Promise<Extensions[Name]> {
      if (over) return Promise.reject(over)
      return new Promise((resolve, reject) => {
        pending.add(reject)
        client.require(name, (error, extension) => {
          pending.delete(reject)
          if (error) reject(missing(name))
          else resolve(extension as Extensions[Name])
        })
      })
    },
    async hasExtension(name) {
      const { present } = await ask<{ present: number }>((done) => client.QueryExtension(name, done))
      return Boolean(present)
    },
    addRootEvents(mask) {
      rootEvents |= mask
      client.ChangeWindowAttributes(root, { eventMask: rootEvents })
    },
    onEvent(listener) {
      client.on('event', listener)
    },
    onLost(listener) {
      lostListeners.push(listener)
    },
    async close() {
      const { stream } = client
      if (over) {
        stream.destroy()
        return
      }
      finish(lost(display))
      await new Promise<void>((resolve) => {
        const cut = setTimeout(() => stream.destroy(), CLOSE_MS)
        stream.once('close', () => {
          clearTimeout(cut)
          resolve()
        })
        client.terminate()
      })
    },
  }
}

/** The package throws where nobody can catch it when the cookie file belongs to somebody else, as after `sudo`. */
function cookiesAreReadable(): boolean {
  const file = process.env.XAUTHORITY || join(homedir(), '.Xauthority')
  try {
    if (existsSync(file)) accessSync(file, constants.R_OK)
    return true
  } catch {
    return false
  }
}
