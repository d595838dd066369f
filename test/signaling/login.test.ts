import t, { type Test } from 'tap'
import { dataFolder } from '../../signaling/data-folder.ts'
import { LOGIN_LIFETIME_MS } from '../../signaling/http/login-routes.ts'
import { hashOfToken } from '../../signaling/keys/token.ts'
import { LIMITS } from '../../signaling/limits/limits.ts'
import { disableAccount } from '../../signaling/operator/accounts.ts'
import { findLogin } from '../../store/logins.ts'
import { openStore } from '../../store/store.ts'
import { HandClock } from './hand-clock.ts'
import { EXPERT, startService } from './running-service.ts'

const OTHER = { name: 'Otto', team: '', password: 'another long password' }

async function started(t: Test, { keys = true, limits = LIMITS } = {}) {
  const clock = new HandClock()
  const service = await startService({
    dataFolder: t.testdir(),
    replaced: { clock, limits },
    keys,
    experts: [OTHER],
  })
  t.teardown(() => service.stop())
  const post = (name: string, password: string, remoteAddress = '192.0.2.1') =>
    service.app.inject({ method: 'POST', url: '/api/login', payload: { name, password }, remoteAddress })
  return { clock, service, post }
}

t.test('[T3] a log-in gives a cookie that no script and no other site can use', async (t) => {
  const { service, post } = await started(t)
  const reply = await post('erika BEISPIEL', EXPERT.password)
  t.equal(reply.statusCode, 200)
  t.same(reply.json(), { name: 'Erika Beispiel', team: 'IT' })
  const cookie = String(reply.headers['set-cookie'])
  t.match(cookie, /^__Host-lotse=[\w-]{43}; Max-Age=43200; Path=\/; HttpOnly; Secure; SameSite=Strict$/)

  const store = await openStore(dataFolder(service.config.dataFolder).database)
  t.teardown(() => store.close())
  const dump = JSON.stringify(await store.run((db) => db('logins').select()))
  const token = /=([\w-]{43});/.exec(cookie)![1]!
  t.notMatch(dump, token, 'the database does not hold it')
  t.match(dump, hashOfToken(token))
  t.equal(await findLogin(store, hashOfToken(token), 0).then((login) => login?.name), 'Erika Beispiel')
})

t.test('[T3] whether the name or the password was wrong is not told', async (t) => {
  const { service, post } = await started(t)
  const replies = [await post(EXPERT.name, 'wrong password'), await post('Nobody', 'wrong password')]
  for (const reply of replies) {
    t.equal(reply.statusCode, 401)
    t.same(reply.json(), { t: 'refused', code: 'wrong-credentials' })
    t.notOk(reply.headers['set-cookie'])
  }
  await disableAccount(service.config, OTHER.name)
  t.same((await post(OTHER.name, OTHER.password)).json(), { t: 'refused', code: 'wrong-credentials' })
})

t.test('[N4] failed log-ins are slowed by name and by address, and never for good', async (t) => {
  const limits = {
    ...LIMITS,
    loginsPerName: { burst: 3, perSecond: 1 / 30 },
    loginsPerBlock: { burst: 5, perSecond: 1 / 15 },
  }
  const { clock, service, post } = await started(t, { limits })
  for (let n = 0; n < 3; n++) t.equal((await post('nobody', 'x', `10.0.${n}.1`)).statusCode, 401)
  const slowed = await post('NOBODY', 'x', '10.0.99.1')
  t.equal(slowed.statusCode, 429, 'one name from many addresses')
  t.same(slowed.json(), { t: 'refused', code: 'slow-down', retryAfterSeconds: 30 })
  t.equal(slowed.headers['retry-after'], '30')
  t.equal((await post(EXPERT.name, EXPERT.password, '10.0.99.1')).statusCode, 200, 'others are not touched')

  for (let n = 0; n < 5; n++) await post(`guess ${n}`, 'x', '198.51.100.7')
  t.equal((await post('guess 20', 'x', '198.51.100.200')).statusCode, 429, 'many names from one block')
  t.equal((await post(EXPERT.name, EXPERT.password, '198.51.100.7')).statusCode, 429)
  clock.turn(15_000)
  t.equal((await post(EXPERT.name, EXPERT.password, '198.51.100.7')).statusCode, 200, 'after what was said')
  t.notMatch(service.log(), /nobody|guess/i, '[S5] the log has no names')
})

t.test('[T3] a log-out ends the log-in and its sockets, and no other', async (t) => {
  const { service } = await started(t)
  const [cookie, other] = [await service.login(), await service.login()]
  const me = (value: string) => service.app.inject({ url: '/api/me', headers: { cookie: value } })
  t.same((await me(cookie)).json(), {
    name: 'Erika Beispiel',
    team: 'IT',
    canStart: false,
    whyNot: 'no-recorder',
    retentionDays: 90,
  })
  const [mine, theirs] = [await service.expert(cookie), await service.expert(other)]
  const reply = await service.app.inject({ method: 'POST', url: '/api/logout', headers: { cookie } })
  t.equal(reply.statusCode, 204)
  t.match(reply.headers['set-cookie'], /^__Host-lotse=; .*Expires=Thu, 01 Jan 1970/)
  t.same([await mine.refusal(), await mine.closed], ['not-logged-in', 4401])
  t.equal((await me(cookie)).statusCode, 401)
  t.equal((await me(other)).statusCode, 200)
  theirs.send({ t: 'session.open' })
  t.equal(await theirs.refusal(), 'no-recorder')
  await service.recorder()
  t.match((await me(other)).json(), { canStart: true, whyNot: null })
})

t.test('[T3] a log-in lasts 12 hours', async (t) => {
  const { clock, service } = await started(t)
  const cookie = await service.login()
  const recorder = await service.recorder()
  const expert = await service.expert(cookie)
  await expert.ask({ t: 'session.open' }, 'session.opened')
  const me = () => service.app.inject({ url: '/api/me', headers: { cookie } })
  t.equal((await me()).statusCode, 200)
  recorder.cut()
  expert.cut()
  clock.turn(LOGIN_LIFETIME_MS)
  t.equal((await me()).statusCode, 401)
})

t.test('[T3] who was disabled by the operator is sent away at the next heartbeat', async (t) => {
  const { clock, service } = await started(t)
  const cookie = await service.login(OTHER)
  const expert = await service.expert(cookie)
  await disableAccount(service.config, OTHER.name)
  expert.send({ t: 'session.open' })
  t.same([await expert.refusal(), await expert.closed], ['not-logged-in', 4401], 'at once where it acts')

  const store = await openStore(dataFolder(service.config.dataFolder).database)
  t.teardown(() => store.close())
  const erika = await service.expert()
  await store.run((db) => db('experts').update({ disabled: true }))
  clock.turn(5_000)
  t.same([await erika.refusal(), await erika.closed], ['not-logged-in', 4401])
})

t.test('[R4] without recording keys nobody is let to start', async (t) => {
  const { service } = await started(t, { keys: false })
  const cookie = await service.login()
  const reply = await service.app.inject({ url: '/api/me', headers: { cookie } })
  t.match(reply.json(), { canStart: false, whyNot: 'no-recording-keys' })
  t.match((await service.app.inject({ url: '/api/policy' })).json(), { code: 'no-recording-keys' })
  const expert = await service.expert(cookie)
  expert.send({ t: 'session.open' })
  t.equal(await expert.refusal(), 'no-recording-keys')
})

t.test('[N4] behind a proxy the caller counts, and only a trusted proxy may name one', async (t) => {
  const limits = { ...LIMITS, loginsPerBlock: { burst: 2, perSecond: 1 / 15 } }
  for (const trusted of ['', '192.0.2.0/24']) {
    const service = await startService({
      dataFolder: t.testdir(),
      env: { LOTSE_TRUST_PROXY: trusted },
      replaced: { clock: new HandClock(), limits },
    })
    t.teardown(() => service.stop())
    const status = async (client: string) => {
      const payload = { name: `someone at ${client}`, password: 'wrong' }
      const headers = { 'x-forwarded-for': client }
      const request = { method: 'POST', url: '/api/login', payload, headers } as const
      return (await service.app.inject({ ...request, remoteAddress: '192.0.2.1' })).statusCode
    }
    const statuses = [await status('10.0.0.1'), await status('10.0.0.1'), await status('10.9.9.9')]
    t.same(statuses, [401, 401, trusted ? 401 : 429], trusted || 'no proxy is trusted')
  }
})
