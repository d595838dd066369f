import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { type RawData, type WebSocket, WebSocketServer } from 'ws'
import type { Language } from '../../i18n/translator.ts'
import { REFUSALS, Refusal } from '../../protocol/refusals.ts'
import type { BuiltPage } from './built-page.ts'
import { PageAccess } from './page-access.ts'
import { ENTRANCE, pageRequests } from './page-requests.ts'
import { Replay } from './replay.ts'
import { type FromWindow, fromWindow, type OfferedFile, type ToWindow, toWindow } from './view.ts'
import { CLOSE_FINISHED, CLOSE_TAKEN_OVER } from './wire-codes.ts'

export interface WindowServerEvents {
  action(action: FromWindow): void
  /** A page came or went. While one takes over from another nothing is told. */
  page(isThere: boolean): void
}

/** Serves the customer's page on 127.0.0.1 and speaks with the one page that is open. */
export interface WindowServer {
  readonly origin: string
  /** URL that lets one browser in, once; the one before it is worth nothing any more. */
  issueEntrance(): string
  send(message: ToWindow): void
  /** The file that whoever has the key can fetch and save, from now on. */
  offer(file: OfferedFile): void
  close(): Promise<void>
}

const WIRE = '/wire'
const GOODBYE_MS = 300
const MOST_CONNECTIONS = 64

export async function startWindowServer(
  page: BuiltPage,
  language: Language,
  events: WindowServerEvents,
): Promise<WindowServer> {
  const http = createServer({ maxHeaderSize: 8 * 1024, headersTimeout: 5_000, requestTimeout: 10_000 })
  http.maxConnections = MOST_CONNECTIONS
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  const access = new PageAccess((http.address() as AddressInfo).port)
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: fromWindow.maxBytes,
    perMessageDeflate: false,
  })
  const replay = new Replay()
  let client: WebSocket | null = null
  let offered: OfferedFile | null = null

  http.on(
    'request',
    pageRequests(access, page, language, () => offered),
  )
  http.on('upgrade', (request, stream, head) => {
    if (!access.isRightHost(request.headers) || request.url !== WIRE) return refuse(stream)
    if (!access.isRightOrigin(request.headers) || !access.hasKey(request.headers)) return refuse(stream)
    sockets.handleUpgrade(request, stream, head, welcome)
  })

  function welcome(socket: WebSocket): void {
    socket.on('error', () => socket.terminate())
    socket.on('message', (data, isBinary) => take(socket, data, isBinary))
    socket.on('close', () => {
      if (socket !== client) return
      client = null
      events.page(false)
    })
    const before = client
    client = socket
    before?.close(CLOSE_TAKEN_OVER)
    for (const message of replay.messages()) socket.send(toWindow.encode(message))
    if (!before) events.page(true)
  }

  function take(socket: WebSocket, data: RawData, isBinary: boolean): void {
    if (socket !== client) return
    const action = isBinary ? new Refusal('malformed') : decoded(String(data))
    if (action instanceof Refusal) socket.close(REFUSALS[action.code].closes ?? undefined, action.code)
    else events.action(action)
  }

  return {
    origin: access.origin,
    issueEntrance: () => `${access.origin}${ENTRANCE}?ticket=${access.issueTicket()}`,
    send(message) {
      replay.take(message)
      client?.send(toWindow.encode(message))
    },
    offer(file) {
      offered = file
    },
    async close() {
      const leaving = client
      client = null
      http.close()
      leaving?.close(CLOSE_FINISHED)
      if (leaving && leaving.readyState !== leaving.CLOSED)
        await Promise.race([once(leaving, 'close'), new Promise((done) => setTimeout(done, GOODBYE_MS))])
      for (const socket of sockets.clients) socket.terminate()
      http.closeAllConnections()
    },
  }
}

function decoded(text: string): FromWindow | Refusal {
  try {
    return fromWindow.decode(text)
  } catch (error) {
    if (error instanceof Refusal) return error
    throw error
  }
}

function refuse(stream: Duplex): void {
  stream.on('error', () => stream.destroy())
  stream.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n')
}
