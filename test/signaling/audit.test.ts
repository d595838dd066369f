import { readFileSync } from 'node:fs'
import t from 'tap'
import { dataFolder } from '../../signaling/data-folder.ts'
import { LIMITS } from '../../signaling/limits/limits.ts'
import { openStore } from '../../store/store.ts'
import { auditEvents } from './audit-lines.ts'
import { HandClock } from './hand-clock.ts'
import { body, join, pair } from './paired-session.ts'
import { EXPERT, runService, startService } from './running-service.ts'

const NEVER = Number.MAX_SAFE_INTEGER

t.test(
  '[R7] start, log-in, every session and log-out each have their line, and nothing secret is in any',
  async (t) => {
    const clock = new HandClock()
    const service = await startService({ dataFolder: t.testdir(), replaced: { clock, pingEveryMs: NEVER } })
    await service.recorder()
    const cookie = await service.login()
    const { expert, customer, opened, joined } = await pair(service, cookie)
    customer.send({ t: 'relay', to: 'expert', body: body('v=0 a=candidate') })
    await expert.next('relayed')
    customer.send({ t: 'session.leave', reason: 'customer-ended' })
    await expert.next('session.ended')
    const second = await expert.ask({ t: 'session.open' }, 'session.opened')
    const third = await expert.ask({ t: 'session.open' }, 'session.opened')
    await service.app.inject({ method: 'POST', url: '/api/logout', headers: { cookie } })
    await service.app.inject({ method: 'POST', url: '/api/logout', headers: { cookie } })
    await expert.closed
    await service.stop()

    const events = await auditEvents(service.config)
    const login = events.find((event) => event.t === 'log-in')
    const who = login?.t === 'log-in' ? login.expert : null
    t.match(who, { name: EXPERT.name })
    const [id, later, last] = [opened, second, third].map(({ sessionId }) => sessionId)
    const endedAtMs = clock.nowMs()
    t.same(events, [
      { t: 'service-started' },
      { t: 'log-in', expert: who },
      { t: 'session-opened', sessionId: id, expert: who },
      { t: 'session-joined', sessionId: id },
      { t: 'session-ended', sessionId: id, reason: 'customer-ended', by: 'customer', endedAtMs },
      { t: 'session-opened', sessionId: later, expert: who },
      { t: 'session-ended', sessionId: later, reason: 'number-cancelled', by: 'expert', endedAtMs },
      { t: 'session-opened', sessionId: last, expert: who },
      { t: 'log-out', expert: who },
    ])

    const log = JSON.stringify(events)
    const files = dataFolder(service.config.dataFolder)
    for (const secret of [
      ...[opened.token, joined.token, cookie.split('=')[1], EXPERT.password, body('v=0 a=candidate')],
      ...[readFileSync(files.cardKey, 'utf8').trim(), readFileSync(files.recorderToken, 'utf8').trim()],
      ...['127.0.0.1', 'nameplate', 'a=candidate'],
    ])
      t.notOk(log.includes(String(secret)), String(secret).slice(0, 9))
    t.notMatch(
      log.replaceAll(/"[\w-]{22}"|"endedAtMs":\d+/g, ''),
      new RegExp(`(?<!\\d)${opened.nameplate}(?!\\d)`),
    )
  },
)

t.test(
  '[R7] a flood of refused log-ins costs two lines in a minute, and no typed name is kept',
  async (t) => {
    const clock = new HandClock()
    const limits = { ...LIMITS, loginsPerName: { burst: 5, perSecond: 1e-6 } }
    const service = await startService({
      dataFolder: t.testdir(),
      replaced: { clock, limits, pingEveryMs: NEVER },
    })
    t.teardown(() => service.stop())
    const attempt = (name: string, n: number) =>
      service.app.inject({
        method: 'POST',
        url: '/api/login',
        payload: { name, password: 'wrong' },
        remoteAddress: `10.${n}.0.1`,
      })
    const refused = async () => (await auditEvents(service.config)).filter(({ t }) => t === 'log-in-refused')
    const grown = async (count: number) => {
      while ((await refused()).length < count) await service.app.inject({ url: '/healthz' })
      return refused()
    }
    const startMs = clock.nowMs()
    await attempt('my secret pass phrase', 1)
    const none = { fromMs: startMs, toMs: startMs, accounts: [], further: 0, unknown: 0, slowed: 0 }
    t.same(await grown(1), [{ t: 'log-in-refused', ...none, unknown: 1 }], 'the first at once')

    clock.turn(1000)
    for (let n = 2; n < 10; n++) await attempt('erika BEISPIEL', n)
    await attempt('nobody', 20)
    t.equal((await refused()).length, 1, 'then they are counted')
    clock.turn(59_000)
    const [, counted] = await grown(2)
    const accounts = [{ expert: { name: EXPERT.name }, count: 5 }]
    t.match(counted, { fromMs: startMs + 1000, toMs: startMs + 60_000, accounts, unknown: 1, slowed: 3 })
    clock.turn(120_000)
    t.equal((await refused()).length, 2, 'a quiet minute has no line')
    t.notMatch(JSON.stringify(await refused()), /secret pass|nobody|wrong/)

    await attempt('nobody', 30)
    await grown(3)
    await attempt('nobody', 31)
    await service.stop()
    t.match((await refused()).at(-1), { unknown: 1 }, 'what is counted is written at the end')
    t.equal((await refused()).length, 4)
  },
)

t.test(
  '[R7] a full disk refuses log-in and session with a sentence; an end keeps its line until it can be written',
  async (t) => {
    const clock = new HandClock()
    const first = await startService({ dataFolder: t.testdir(), replaced: { clock } })
    await first.stop()
    const store = await openStore(dataFolder(first.config.dataFolder).database)
    const service = await runService(first.config, { clock, store }, first)
    t.teardown(() => service.stop())
    await service.recorder()
    const cookie = await service.login()
    const { expert, customer, opened } = await pair(service, cookie)
    const events = () => auditEvents(service.config, store)
    await store.run(async (db) => {
      // So that the very next line needs a page that is not there.
      await db.raw('CREATE TABLE filler (bytes BLOB)')
      const [{ page_count: pages }] = await db.raw('PRAGMA page_count')
      await db.raw(`PRAGMA max_page_count=${pages}`)
      await db.raw('INSERT INTO filler VALUES (zeroblob(10))')
    })
    const login = () => service.app.inject({ method: 'POST', url: '/api/login', payload: EXPERT })
    let reply = await login()
    for (let n = 0; reply.statusCode === 200 && n < 100; n++) reply = await login()
    t.same([reply.statusCode, reply.json()], [503, { t: 'refused', code: 'storage-failed' }])
    const before = await events()
    const logins = await store.run((db) => db('logins').count({ n: '*' }).first())
    t.equal(
      before.filter(({ t }) => t === 'log-in').length,
      Number(logins?.n),
      'no log-in without its line, no line without',
    )

    customer.send({ t: 'session.leave', reason: 'customer-ended' })
    t.match(await expert.next('session.ended'), { reason: 'customer-ended' }, 'the people are told')
    await store.run((db) => db.raw('PRAGMA max_page_count=100000'))
    const ended = async () => (await events()).filter(({ t }) => t === 'session-ended')
    while ((await ended()).length === 0) clock.turn(5_000)
    clock.turn(5_000)
    t.match(await ended(), [{ sessionId: opened.sessionId, reason: 'customer-ended', by: 'customer' }])
    t.equal((await ended()).length, 1, 'once')
  },
)

t.test('[R7] a number that is burned has its line; a refused attempt has none', async (t) => {
  const service = await startService({ dataFolder: t.testdir() })
  t.teardown(() => service.stop())
  await service.recorder()
  const { opened } = await pair(service)
  const late = await service.customer()
  late.send(join(opened.nameplate))
  t.equal(await late.refusal(), 'number-used')
  const events = await auditEvents(service.config)
  t.equal(events.filter(({ t }) => t === 'session-joined').length, 1)
})
