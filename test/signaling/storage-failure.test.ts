import t, { type Test } from 'tap'
import { dataFolder } from '../../signaling/data-folder.ts'
import { openStore, type Store } from '../../store/store.ts'
import { HandClock } from './hand-clock.ts'
import { join, pair, reattach } from './paired-session.ts'
import { EXPERT, runService, startService } from './running-service.ts'

/** A service whose database a second connection can hold, or which `broken` replaces for some queries. */
async function started(t: Test, wrap: (store: Store) => Store = (store) => store) {
  const clock = new HandClock()
  const first = await startService({ dataFolder: t.testdir(), replaced: { clock } })
  await first.stop()
  const file = dataFolder(first.config.dataFolder).database
  const store = wrap(await openStore(file, { busyTimeoutMs: 20 }))
  const service = await runService(first.config, { clock, store }, first)
  t.teardown(() => service.stop())
  const other = await openStore(file)
  t.teardown(() => other.close())
  return { service, clock, other, cookie: await service.login() }
}

t.test('a database that cannot write refuses what needs it; the process and the people go on', async (t) => {
  const { service, clock, other, cookie } = await started(t)
  await service.recorder()
  const running = await pair(service, cookie)
  const second = await pair(service, cookie)
  const expert = await service.expert(cookie)
  const { nameplate } = await expert.ask({ t: 'session.open' }, 'session.opened')
  const idle = await service.expert(cookie)
  const customer = await service.customer()

  await other.run((db) => db.raw('BEGIN EXCLUSIVE'))
  customer.send(join(nameplate))
  t.equal(await customer.refusal(), 'storage-failed')
  idle.send({ t: 'session.open' })
  t.equal(await idle.refusal(), 'storage-failed')
  const login = await service.app.inject({ method: 'POST', url: '/api/login', payload: EXPERT })
  t.same([login.statusCode, login.json()], [503, { t: 'refused', code: 'storage-failed' }])

  running.expert.send({ t: 'relay', to: 'customer', body: 'AAAA' })
  t.match(await running.customer.next('relayed'), { body: 'AAAA' }, 'who is in a session does not notice')
  second.customer.send({ t: 'session.leave', reason: 'customer-ended' })
  t.match(await second.expert.next('session.ended'), { reason: 'customer-ended' }, 'an end needs no database')
  clock.turn(5_000)
  t.equal((await service.app.inject({ url: '/healthz' })).statusCode, 200, 'reading works')

  await other.run((db) => db.raw('ROLLBACK'))
  await customer.ask(join(nameplate), 'session.joined')
  t.pass('the failed attempt has not burned the number')
  await idle.ask({ t: 'session.open' }, 'session.opened')
  const left = () =>
    other.run(async (db) => (await db('sessions').where('id', String(second.opened.sessionId)))[0])
  // The heartbeat writes the end that could not be written.
  for (let row = await left(); row.state !== 'ended'; row = await left()) clock.turn(5_000)
  t.match(await left(), { end_reason: 'customer-ended', ended_by: 'customer' })
})

t.test('a mistake of ours costs the one socket that met it, and no one else', async (t) => {
  let isBroken = false
  const mistake = () => Promise.reject(new TypeError('a mistake of ours'))
  const { service, cookie } = await started(t, (store) => ({
    ...store,
    run: (work) => (isBroken ? mistake() : store.run(work)),
    transaction: (work) => (isBroken ? mistake() : store.transaction(work)),
  }))
  await service.recorder()
  const running = await pair(service, cookie)
  const customer = await service.customer()
  isBroken = true
  customer.send(join('123'))
  t.same([await customer.refusal(), await customer.closed], ['internal', 4500])
  const page = await service.app.inject({ url: '/api/me', headers: { cookie } })
  t.same([page.statusCode, page.body], [500, '{"t":"refused","code":"internal"}'])
  isBroken = false
  running.expert.send({ t: 'relay', to: 'customer', body: 'AAAA' })
  t.match(await running.customer.next('relayed'), { body: 'AAAA' })
  const back = await service.customer()
  await back.ask(reattach(running.joined), 'session.reattached')
  t.match(service.log(), /"type":"TypeError".*a fault in the service/, 'and the log tells where')
})
