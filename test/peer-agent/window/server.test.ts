import { connect } from 'node:net'
import t from 'tap'
import { dial, get, key, opened, settled, start } from './server-stage.ts'

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
