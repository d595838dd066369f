import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect } from 'node:net'
import fc from 'fast-check'
import t from 'tap'
import { dial, get, key, opened, start } from './server-stage.ts'

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
