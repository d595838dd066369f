import { once } from 'node:events'
import { request } from 'node:http'
import type { Test } from 'tap'
import { type ClientOptions, WebSocket } from 'ws'
import { startWindowServer } from '../../../peer-agent/window/server.ts'
import { type FromWindow, type ToWindow, toWindow } from '../../../peer-agent/window/view.ts'

export const page = new Map([
  [
    '/index.html',
    { type: 'text/html; charset=utf-8', body: Buffer.from('<html lang="en"><title>page</title>') },
  ],
  ['/assets/a.js', { type: 'text/javascript', body: Buffer.from('1') }],
])

export async function start(t: Test) {
  const calls: (FromWindow | boolean)[] = []
  const server = await startWindowServer(page, 'de', {
    action: (action) => calls.push(action),
    page: (isThere) => calls.push(isThere),
  })
  t.teardown(() => server.close())
  const port = Number(new URL(server.origin).port)
  return { server, calls, port }
}

export interface Answer {
  readonly status: number
  readonly headers: Record<string, unknown>
  readonly body: string
}

export function get(
  port: number,
  path: string,
  headers: Record<string, string> = {},
  method = 'GET',
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request(
      { host: '127.0.0.1', port, path, method, headers, agent: false },
      async (response) => {
        let body = ''
        for await (const chunk of response) body += chunk
        resolve({ status: response.statusCode!, headers: response.headers, body })
      },
    )
    asked.on('error', reject).end()
  })
}

export async function key(server: { issueEntrance(): string }, port: number): Promise<string> {
  const { headers } = await get(port, server.issueEntrance().replace(/^.*\d+(?=\/)/, ''))
  return String((headers['set-cookie'] as string[])[0]).split(';')[0]!
}

/** How a WebSocket attempt ends: the status of a refusal, or the open socket and what it hears. */
export function dial(port: number, path: string, options: ClientOptions): Promise<number | Heard> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, options)
    const heard: Heard = {
      socket,
      messages: [],
      closed: once(socket, 'close').then(([code]) => Number(code)),
    }
    socket.on('message', (data) => heard.messages.push(toWindow.decode(String(data))))
    socket.on('open', () => resolve(heard))
    socket.on('unexpected-response', (_, response) => resolve(response.statusCode ?? 0))
    socket.on('error', () => undefined)
  })
}
export interface Heard {
  readonly socket: WebSocket
  readonly messages: ToWindow[]
  readonly closed: Promise<number>
}
export const opened = async (attempt: Promise<number | Heard>): Promise<Heard> => {
  const result = await attempt
  if (typeof result === 'number') throw new Error(`refused with ${result}`)
  return result
}
/** Everything sent before has been worked off once a later request is answered in the same event loop. */
export const settled = (socket: WebSocket) => {
  socket.ping()
  return once(socket, 'pong')
}
