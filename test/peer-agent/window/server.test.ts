import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { request } from 'node:http'
import { connect } from 'node:net'
import fc from 'fast-check'
import t, { type Test } from 'tap'
import { type ClientOptions, WebSocket } from 'ws'
import { startWindowServer } from '../../../peer-agent/window/server.ts'
import { type FromWindow, type ToWindow, toWindow } from '../../../peer-agent/window/view.ts'

const page = new Map([
  [
    '/index.html',
    { type: 'text/html; charset=utf-8', body: Buffer.from('<html lang="en"><title>page</title>') },
  ],
  ['/assets/a.js', { type: 'text/javascript', body: Buffer.from('1') }],
])

async function start(t: Test) {
  const calls: (FromWindow | boolean)[] = []
  const server = await startWindowServer(page, 'de', {
    action: (action) => calls.push(action),
    page: (isThere) => calls.push(isThere),
  })
  t.teardown(() => server.close())
  const port = Number(new URL(server.origin).port)
  return { server, calls, port }
}

interface Answer {
  readonly status: number
  readonly headers: Record<string, unknown>
  readonly body: string
}

function get(
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

async function key(server: { issueEntrance(): string }, port: number): Promise<string> {
  const { headers } = await get(port, server.issueEntrance().replace(/^.*\d+(?=\/)/, ''))
  return String((headers['set-cookie'] as string[])[0]).split(';')[0]!
}

/** How a WebSocket attempt ends: the status of a refusal, or the open socket and what it hears. */
function dial(port: number, path: string, options: ClientOptions): Promise<number | Heard> {
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
interface Heard {
  readonly socket: WebSocket
  readonly messages: ToWindow[]
  readonly closed: Promise<number>
}
const opened = async (attempt: Promise<number | Heard>): Promise<Heard> => {
  const result = await attempt
  if (typeof result === 'number') throw new Error(`refused with ${result}`)
  return result
}
/** Everything sent before has been worked off once a later request is answered in the same event loop. */
const settled = (socket: WebSocket) => {
  socket.ping()
  return once(socket, 'pong')
}

t.test('the server listens on this machine only', async (t) => {
  const { server } = await start(t)
  t.match(server.origin, /^http:\/\/127\.0\.0\.1:\d+$/)
  const elsewhere = connect({ host: '127.0.0.2', port: Number(new URL(server.origin).port) })
  const outcome = await new Promise((resolve) => {
    elsewhere.on('connect', () => resolve('open')).on('error', () => resolve('refused'))
  })
  elsewhere.destroy()
  t.equal(outcome, 'refused')
})

t.test('nothing is served without the key, and the ticket works once', async (t) => {
  const { server, port } = await start(t)
  for (const path of ['/', '/index.html', '/assets/a.js', '/alive', '/nothing', '/../package.json'])
    t.equal((await get(port, path)).status, 403, path)
  t.equal((await get(port, '/enter')).status, 403)
  t.equal((await get(port, '/enter?ticket=wrong')).status, 403)

  const first = server.issueEntrance()
  const entrance = server.issueEntrance()
  t.equal(new URL(entrance).searchParams.get('ticket')!.length, 22, '128 bits')
  t.equal(
    (await get(port, new URL(first).pathname + new URL(first).search)).status,
    403,
    'replaced by the next',
  )
  const path = new URL(entrance).pathname + new URL(entrance).search
  const { status, headers, body } = await get(port, path)
  t.equal(status, 200)
  const [cookie] = headers['set-cookie'] as [string]
  t.match(cookie, /; HttpOnly; SameSite=Strict; Path=\/$/)
  t.notMatch(body, new URL(entrance).searchParams.get('ticket')!)
  t.match(body, 'url=/"')
  t.equal((await get(port, path)).status, 403, 'a second use')

  const withKey = { cookie: cookie.split(';')[0]! }
  t.equal((await get(port, '/', withKey)).status, 200)
  t.equal((await get(port, '/alive', withKey)).status, 204)
  t.equal((await get(port, '/nothing', withKey)).status, 404)
  t.equal((await get(port, '/../../package.json', withKey)).status, 404)
  t.equal((await get(port, '/', withKey, 'POST')).status, 405)
  t.equal((await get(port, '/', { cookie: `${withKey.cookie}x` })).status, 403)
  t.equal((await get(port, '/', { cookie: 'lotse-window=' })).status, 403)
})

t.test(
  'the page comes in the language of the customer, under a strict policy, and is kept nowhere',
  async (t) => {
    const { server, port } = await start(t)
    const { body, headers } = await get(port, '/', { cookie: await key(server, port) })
    t.match(body, '<html lang="de">')
    const policy = String(headers['content-security-policy'])
    for (const rule of [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "font-src 'self'",
      "img-src 'self' data:",
      `connect-src 'self' ws://127.0.0.1:${port}`,
      "frame-ancestors 'none'",
    ])
      t.ok(policy.split('; ').includes(rule), rule)
    t.notMatch(policy, 'unsafe')
    t.equal(headers['cache-control'], 'no-store')
  },
)

t.test('a name that only points here is refused', async (t) => {
  const { server, port } = await start(t)
  const cookie = await key(server, port)
  for (const host of [`localhost:${port}`, `evil.example:${port}`, '127.0.0.1', `127.0.0.1:${port + 1}`]) {
    t.equal((await get(port, '/', { cookie, host })).status, 421, host)
    const headers = { cookie, host }
    t.equal(await dial(port, '/wire', { origin: server.origin, headers }), 403, `wire of ${host}`)
  }
})

t.test('the wire is opened only to the page itself, with the key', async (t) => {
  const { server, calls, port } = await start(t)
  const cookie = await key(server, port)
  const headers = { cookie }
  for (const origin of [
    'http://evil.example',
    `http://localhost:${port}`,
    `http://127.0.0.1:${port + 1}`,
    'null',
  ])
    t.equal(await dial(port, '/wire', { origin, headers }), 403, origin)
  t.equal(await dial(port, '/wire', { headers }), 403, 'no origin')
  t.equal(await dial(port, '/wire', { origin: server.origin }), 403, 'no key')
  t.equal(await dial(port, '/other', { origin: server.origin, headers }), 403, 'another path')
  t.same(calls, [])
  await opened(dial(port, '/wire', { origin: server.origin, headers }))
  t.same(calls, [true])
})

t.test('a page that comes again is told everything, and the one before falls silent', async (t) => {
  const { server, calls, port } = await start(t)
  const options = { origin: server.origin, headers: { cookie: await key(server, port) } }
  const line = { t: 'chat', id: 'a', from: 'expert', text: 'Grüß Gott 😀', atMs: 1, delivered: true } as const
  server.send({ t: 'screen', screen: { t: 'busy', what: 'joining' } })
  server.send({ t: 'screen', screen: { t: 'busy', what: 'proving' } })
  server.send(line)
  server.send({ t: 'chat', id: 'b', from: 'customer', text: 'ja', atMs: 2, delivered: false })
  server.send({ t: 'chat', id: 'b', from: 'customer', text: 'ja', atMs: 2, delivered: true })
  server.send({ t: 'answer-ignored' })

  const first = await opened(dial(port, '/wire', options))
  await settled(first.socket)
  const whole = [
    line,
    { t: 'chat', id: 'b', from: 'customer', text: 'ja', atMs: 2, delivered: true },
    { t: 'screen', screen: { t: 'busy', what: 'proving' } },
  ]
  t.same(first.messages, whole)

  const second = await opened(dial(port, '/wire', options))
  t.equal(await first.closed, 4001)
  await settled(second.socket)
  t.same(second.messages, whole)
  second.socket.send(JSON.stringify({ t: 'end' }))
  await settled(second.socket)
  t.same(calls, [true, { t: 'end' }], 'a take-over is no absence')

  second.socket.close()
  await second.closed
  t.same(calls.at(-1), false)
})

t.test('[S2] what is malformed, unknown or too large ends the wire and reaches nobody', async (t) => {
  const { server, calls, port } = await start(t)
  const options = { origin: server.origin, headers: { cookie: await key(server, port) } }
  const tried = async (data: string | Buffer): Promise<number> => {
    const { socket, closed } = await opened(dial(port, '/wire', options))
    socket.send(data)
    return closed
  }
  t.equal(await tried('nonsense'), 4400)
  t.equal(await tried(randomBytes(64)), 4400)
  t.equal(await tried(Buffer.from(JSON.stringify({ t: 'end' }))), 4400, 'binary')
  t.equal(await tried(JSON.stringify({ t: 'screen' })), 4400)
  t.equal(await tried(JSON.stringify({ t: 'answer', level: 'view', granted: 'yes' })), 4400)
  t.equal(await tried(JSON.stringify({ t: 'number', typed: '1'.repeat(65) })), 4400)
  t.equal(await tried(JSON.stringify({ t: 'chat', text: 'x'.repeat(2001) })), 4400)
  t.equal(await tried(JSON.stringify({ t: 'chat', text: 'x'.repeat(20_000) })), 1009)
  t.same(
    calls.filter((call) => typeof call !== 'boolean'),
    [],
  )
})

t.test('[S2] no message at all stops the server', async (t) => {
  const { server, calls, port } = await start(t)
  const options = { origin: server.origin, headers: { cookie: await key(server, port) } }
  const kinds = fc.constantFrom('number', 'answer', 'chat', 'end', 'quit', 'screen', '__proto__', '')
  const message = fc.oneof(
    fc.string(),
    fc.json(),
    fc.uint8Array({ maxLength: 200 }),
    fc
      .record({
        t: kinds,
        text: fc.anything(),
        typed: fc.anything(),
        level: fc.string(),
        granted: fc.anything(),
      })
      .map((value) => JSON.stringify(value) ?? ''),
  )
  await fc.assert(
    fc.asyncProperty(message, async (data) => {
      const { socket, closed } = await opened(dial(port, '/wire', options))
      socket.send(data)
      socket.ping()
      await Promise.race([closed, once(socket, 'pong')])
      socket.terminate()
      await closed
    }),
    { numRuns: 150 },
  )
  const known = ['number', 'chat', 'end', 'quit']
  t.ok(calls.every((call) => typeof call === 'boolean' || known.includes(call.t)))
  t.equal((await get(port, '/', { cookie: options.headers.cookie })).status, 200)
})

t.test('[S2] bytes that are no HTTP stop nothing', async (t) => {
  const { server, port } = await start(t)
  const cookie = await key(server, port)
  const lines = fc.constantFrom(
    'GET //[ HTTP/1.1\r\nHost: x\r\n\r\n',
    `GET //[ HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`,
    `GET http://[/ HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`,
    `GET /enter?ticket=%E0%A4%A HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`,
    `GET //[ HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`,
    `GET /wire HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nOrigin: ${server.origin}\r\nCookie: ${cookie}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`,
    `POST / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Length: 99999999\r\n\r\nabc`,
  )
  await fc.assert(
    fc.asyncProperty(fc.oneof(lines, fc.string({ minLength: 1 })), async (bytes) => {
      const socket = connect({ host: '127.0.0.1', port })
      socket.on('error', () => undefined)
      socket.end(bytes)
      socket.resume()
      await once(socket, 'close')
    }),
    { numRuns: 60 },
  )
  t.equal((await get(port, '/', { cookie })).status, 200)
})

t.test('closing says goodbye and leaves no port', async (t) => {
  const { server, calls, port } = await start(t)
  const options = { origin: server.origin, headers: { cookie: await key(server, port) } }
  const { closed } = await opened(dial(port, '/wire', options))
  await server.close()
  t.equal(await closed, 4000)
  t.same(calls, [true], 'the agent itself closed: nobody left')
  await t.rejects(get(port, '/'), { code: 'ECONNREFUSED' })
})
