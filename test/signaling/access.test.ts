import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { buildApp } from '../../signaling/app.ts'
import { readConfig } from '../../signaling/config.ts'
import { LIMITS } from '../../signaling/limits/limits.ts'
import { startService } from './running-service.ts'
import { TestSocket } from './test-socket.ts'

/** A service that was built but has not started. */
async function built(t: Test) {
  const config = readConfig({ LOTSE_DATA: t.testdir(), LOTSE_LOG_LEVEL: 'silent' })
  const app = await buildApp(config, { pagesFolder: join(t.testdirName, 'no-pages') })
  t.teardown(() => app.close())
  return app
}

t.test('[S1] a route that declares no access stops the start', async (t) => {
  const app = await built(t)
  const naked = /The route GET \/naked declares no access/
  t.throws(() => app.get('/naked', async () => 'hello'), naked)
  t.throws(
    () => app.get('/naked', { config: { access: 'everyone' as never } }, async () => 'hello'),
    naked,
    'nor does one that declares what there is not',
  )
})

t.test("[S1] a plugin's route is no exception", async (t) => {
  const app = await built(t)
  app.register(async (inner) => {
    inner.get('/naked', async () => 'hello')
  })
  await t.rejects(async () => await app.ready(), /The route GET \/naked declares no access/)
})

t.test('[S1] what HEAD, pages and missing pages answer follows from declared routes', async (t) => {
  const app = await built(t)
  await app.ready()
  const routes = app.printRoutes({ commonPrefix: false })
  t.match(routes, /healthz \(GET, HEAD\)/)
  t.match(routes, /\* \(GET, HEAD\)/)
  t.equal((await app.inject({ method: 'HEAD', url: '/healthz' })).statusCode, 200)
  t.equal((await app.inject({ method: 'HEAD', url: '/api/me' })).statusCode, 401)
  for (const method of ['GET', 'POST', 'PUT', 'DELETE', 'PATCH'] as const) {
    const reply = await app.inject({ method, url: '/there/is/nothing' })
    t.equal(reply.statusCode, 404)
    t.same(reply.json(), { t: 'refused', code: 'not-found' })
  }
})

t.test('[S2] whatever is sent, the answer is a code and never a stack', async (t) => {
  const app = await built(t)
  const json = { 'content-type': 'application/json' }
  const bad: [string, object, number, string][] = [
    ['not JSON', { payload: '{"name":', headers: json }, 400, 'malformed'],
    ['not the schema', { payload: { name: 'x' } }, 400, 'malformed'],
    ['too long a name', { payload: { name: 'x'.repeat(81), password: 'p' } }, 400, 'malformed'],
    ['too large', { payload: { name: 'x', password: 'p'.repeat(9000) } }, 413, 'too-large'],
    ['another type', { payload: 'name=x', headers: { 'content-type': 'text/plain' } }, 400, 'malformed'],
    ['a poisoned key', { payload: '{"__proto__":{"x":1}}', headers: json }, 400, 'malformed'],
    [
      'another site',
      { payload: { name: 'x', password: 'p' }, headers: { origin: 'https://evil.example' } },
      403,
      'wrong-origin',
    ],
  ]
  for (const [what, request, status, code] of bad) {
    const reply = await app.inject({ method: 'POST', url: '/api/login', ...request })
    t.equal(reply.statusCode, status, what)
    t.same(reply.json(), { t: 'refused', code }, what)
  }
  const badUrl = await app.inject({ url: '/%ff' })
  t.same([badUrl.statusCode, badUrl.json().code], [400, 'malformed'])
})

t.test('[S1] the headers let the pages do only what they need', async (t) => {
  const app = await built(t)
  const { headers } = await app.inject({ url: '/healthz' })
  t.same(String(headers['content-security-policy']).split(';').toSorted(), [
    "base-uri 'none'",
    "connect-src 'self' ws://127.0.0.1:8080",
    "default-src 'none'",
    "font-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "img-src 'self' blob: data:",
    "script-src 'self'",
    "style-src 'self'",
    "worker-src 'self'",
  ])
  t.match(headers, { 'x-content-type-options': 'nosniff', 'x-frame-options': 'DENY' })
})

t.test('the pages are served; before they are built a sentence says what to do', async (t) => {
  const app = await built(t)
  const folder = join(t.testdirName, 'no-pages')
  const before = await app.inject({ url: '/' })
  t.equal(before.statusCode, 503)
  t.match(before.body, /npm run build/)
  mkdirSync(join(folder, 'assets'), { recursive: true })
  writeFileSync(join(folder, 'index.html'), '<!doctype html>pages')
  writeFileSync(join(folder, 'assets', 'a-12345678.js'), '1')
  writeFileSync(join(folder, '.hidden'), 'secret')
  writeFileSync(join(t.testdirName, 'outside.txt'), 'secret')
  const index = await app.inject({ url: '/' })
  t.equal(index.body, '<!doctype html>pages')
  t.match(index.headers, { 'cache-control': 'no-cache', 'content-type': /text\/html/ })
  const script = await app.inject({ url: '/assets/a-12345678.js' })
  t.match(script.headers, { 'cache-control': /immutable/ })
  for (const url of ['/.hidden', '/../outside.txt', '/%2e%2e/outside.txt', '/..%2foutside.txt', '/assets/'])
    t.notMatch((await app.inject({ url })).body, /secret/, url)
})

t.test('[S1] who tries address after address is slowed', async (t) => {
  const config = readConfig({ LOTSE_DATA: t.testdir(), LOTSE_LOG_LEVEL: 'silent' })
  const app = await buildApp(config, { limits: { ...LIMITS, notFoundPerMinute: 5 } })
  t.teardown(() => app.close())
  for (let n = 0; n < 5; n++) t.equal((await app.inject({ url: `/admin${n}.php` })).statusCode, 404)
  const slowed = await app.inject({ url: '/admin6.php' })
  t.equal(slowed.statusCode, 429)
  t.match(slowed.json(), { code: 'slow-down', retryAfterSeconds: Number })
  t.ok(Number(slowed.headers['retry-after']) >= 1)
  t.equal((await app.inject({ url: '/healthz' })).statusCode, 200, 'what is there goes on')
})

t.test('[S2] sockets look at the origin, the cookie and the token', async (t) => {
  const service = await startService({ dataFolder: t.testdir() })
  t.teardown(() => service.stop())
  const { origin } = service
  const cookie = await service.login()
  const refused = async (path: string, headers: Record<string, string>) => {
    const socket = await service.socket(path, headers)
    return [await socket.refusal(), await socket.closed]
  }
  t.same(await refused('/ws/expert', { cookie, origin: 'https://evil.example' }), ['wrong-origin', 4403])
  t.same(await refused('/ws/expert', { cookie }), ['wrong-origin', 4403], 'no browser, no expert')
  t.same(await refused('/ws/expert', { cookie, origin: `${origin}.evil.example` }), ['wrong-origin', 4403])
  t.same(await refused('/ws/expert', { origin }), ['not-logged-in', 4401])
  t.same(await refused('/ws/expert', { origin, cookie: '__Host-lotse=made-up' }), ['not-logged-in', 4401])
  t.same(await refused('/ws/customer', { origin: 'https://evil.example' }), ['wrong-origin', 4403])
  t.same(await refused('/ws/recorder', {}), ['not-logged-in', 4401])
  const wrong = { authorization: `Bearer ${'x'.repeat(43)}` }
  t.same(await refused('/ws/recorder', wrong), ['not-logged-in', 4401])

  const expert = await service.socket('/ws/expert', { cookie, origin })
  t.equal(await expert.ask({ t: 'session.open' }, 'refused').then(({ code }) => code), 'no-recorder')
  const page = await service.socket('/ws/customer', { origin })
  page.send({ t: 'number.join', nameplate: '123', protocol: 1 })
  t.equal(await page.refusal(), 'number-unknown')

  const nowhere = new TestSocket(`${origin.replace('http', 'ws')}/ws/nowhere`, {})
  t.equal(await nowhere.closed, 1006, 'no socket where none is declared')
})
