import t, { type Test } from 'tap'
import { HandClock } from './hand-clock.ts'
import { body, join, pair, reattach } from './paired-session.ts'
import { startService } from './running-service.ts'

async function started(t: Test) {
  const service = await startService({ dataFolder: t.testdir(), replaced: { clock: new HandClock() } })
  t.teardown(() => service.stop())
  return { service, cookie: await service.login() }
}

t.test('[R1] the recorder is assigned with an epoch, to all three', async (t) => {
  const { service, cookie } = await started(t)
  const recorder = await service.recorder()
  const { customer, joined, opened } = await pair(service, cookie)
  const { sessionId } = opened
  t.same(await recorder.next('recorder.assign'), {
    t: 'recorder.assign',
    sessionId,
    epoch: 1,
    iceServers: [],
  })
  t.same(joined.recorder, { key: service.recorderKey, epoch: 1 })

  customer.send({ t: 'relay', to: 'recorder', body: body('hail') })
  t.same(await recorder.next('relayed'), { t: 'relayed', from: 'customer', sessionId, body: body('hail') })
  recorder.send({ t: 'relay', to: 'customer', sessionId, body: body('back') })
  t.same(await customer.next('relayed'), { t: 'relayed', from: 'recorder', body: body('back') })

  customer.send({ t: 'session.leave', reason: 'customer-ended' })
  t.match(await recorder.next('session.ended'), { sessionId, reason: 'customer-ended', by: 'customer' })
  recorder.send({ t: 'relay', to: 'customer', sessionId, body: body('late') })
  t.equal(await recorder.refusal(), 'session-over')
  recorder.send({ t: 'recorder.done', sessionId })
})

t.test('[R1] a lost recorder is told at once; its return raises the epoch', async (t) => {
  const { service, cookie } = await started(t)
  const recorder = await service.recorder()
  const { expert, customer, opened } = await pair(service, cookie)
  t.match(await expert.next('peer'), { role: 'recorder', presence: 'joined' })
  recorder.cut()
  t.same(await customer.next('recorder.assigned'), { t: 'recorder.assigned', recorder: null })
  t.match(await expert.next('peer'), { role: 'recorder', presence: 'lost' })
  customer.send({ t: 'relay', to: 'recorder', body: body('x') })
  t.equal(await customer.refusal(), 'peer-absent')
  const waiting = await service.expert(cookie)
  waiting.send({ t: 'session.open' })
  t.equal(await waiting.refusal(), 'no-recorder', 'and no new session starts')

  const back = await service.recorder()
  t.match(await back.next('recorder.assign'), { sessionId: opened.sessionId, epoch: 2 })
  t.match(await customer.next('recorder.assigned'), { recorder: { key: service.recorderKey, epoch: 2 } })
  t.match(await expert.next('peer'), { role: 'recorder', presence: 'back' })
})

t.test('[R1] a recorder that comes back unnoticed replaces itself with a higher epoch', async (t) => {
  const { service, cookie } = await started(t)
  const older = await service.recorder()
  const { customer } = await pair(service, cookie)
  const newer = await service.recorder()
  t.equal(await older.closed, 4409)
  t.match(await newer.next('recorder.assign'), { epoch: 2 })
  t.same((await customer.next('recorder.assigned')).recorder, null)
  t.match(await customer.next('recorder.assigned'), { recorder: { epoch: 2 } })
})

t.test(
  '[R1] where the recorder goes between number and customer, the session waits for the next',
  async (t) => {
    const { service, cookie } = await started(t)
    const recorder = await service.recorder()
    const expert = await service.expert(cookie)
    const { nameplate } = await expert.ask({ t: 'session.open' }, 'session.opened')
    await recorder.close()
    const customer = await service.customer()
    const joined = await customer.ask(join(nameplate), 'session.joined')
    t.equal(joined.recorder, null)
    await service.recorder()
    t.match(await customer.next('recorder.assigned'), { recorder: { epoch: 1 } })
  },
)

t.test('[T4] a recorder that the policy does not name is sent away', async (t) => {
  const { service } = await started(t)
  const stranger = await service.recorder(null)
  stranger.send({ t: 'recorder.ready', key: 'S'.repeat(43) })
  t.same([await stranger.refusal(), await stranger.closed], ['not-allowed', 4403])
})

t.test('[T4] one that is not ready, or serves another session, hands nothing over', async (t) => {
  const { service, cookie } = await started(t)
  await service.recorder()
  const { customer, opened } = await pair(service, cookie)
  const unready = await service.recorder(null)
  unready.send({ t: 'relay', to: 'customer', sessionId: opened.sessionId, body: body('let me in') })
  t.equal(await unready.refusal(), 'wrong-state')
  unready.send({ t: 'recorder.done', sessionId: opened.sessionId })
  t.equal(await unready.refusal(), 'wrong-state')
  t.notOk(customer.all.some(({ t }) => t === 'relayed'))
})

t.test('[R8] a recorder hears of the end it missed, until it has closed its recording', async (t) => {
  const { service, cookie } = await started(t)
  const recorder = await service.recorder()
  const { customer, joined, expert } = await pair(service, cookie)
  const { sessionId } = joined
  await recorder.close()
  customer.send({ t: 'session.leave', reason: 'customer-ended' })
  await expert.next('session.ended')
  const back = await service.recorder(null)
  back.send({ t: 'recorder.ready', key: service.recorderKey })
  t.match(await back.next('session.ended'), { sessionId, reason: 'customer-ended', by: 'customer' })
  back.send({ t: 'recorder.done', sessionId })
  back.send({ t: 'recorder.ready', key: service.recorderKey })
  t.equal(await back.refusal(), 'wrong-state')
  await back.close()
  const third = await service.recorder()
  t.same(
    third.all.map(({ t }) => t),
    ['refused'],
    'nothing is left to tell',
  )
  customer.send(reattach(joined))
  t.equal(await customer.refusal(), 'session-over')
})
