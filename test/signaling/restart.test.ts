import t, { type Test } from 'tap'
import { NUMBER_LIFETIME_MS } from '../../protocol/number.ts'
import { HandClock } from './hand-clock.ts'
import { body, join, pair, reattach } from './paired-session.ts'
import { type RunningService, runService, startService } from './running-service.ts'

const replaced = (clock: HandClock) => ({ clock, pingEveryMs: Number.MAX_SAFE_INTEGER })

async function started(t: Test) {
  const clock = new HandClock()
  const service = await startService({ dataFolder: t.testdir(), replaced: replaced(clock) })
  const again = async (old: RunningService): Promise<RunningService> => {
    await old.stop()
    const next = await runService(old.config, replaced(clock), old)
    t.teardown(() => next.stop())
    return next
  }
  return { clock, service, again, cookie: await service.login() }
}

t.test('[S4] a restart ends no running session; everyone comes back with what they have', async (t) => {
  const { service, again, cookie } = await started(t)
  await service.recorder()
  const { opened, joined, customer, expert } = await pair(service, cookie)
  const next = await again(service)
  t.same([await customer.closed, await expert.closed], [1001, 1001])

  const back = await next.customer()
  t.match(await back.ask(reattach(joined), 'session.reattached'), { present: [], recorder: null })
  const expertBack = await next.expert(cookie)
  t.match(await expertBack.ask(reattach(opened), 'session.reattached'), { present: ['customer'] })
  t.match(await back.next('peer'), { role: 'expert', presence: 'back' })
  const recorder = await next.recorder()
  t.match(await recorder.next('recorder.assign'), { sessionId: opened.sessionId, epoch: 2 })
  t.match(await back.next('recorder.assigned'), { recorder: { epoch: 2 } })
  expertBack.send({ t: 'relay', to: 'customer', body: body('on we go') })
  t.match(await back.next('relayed'), { from: 'expert', body: body('on we go') })
})

t.test('[S4] a number that waits survives a restart, and its time goes on', async (t) => {
  const { service, again, cookie, clock } = await started(t)
  await service.recorder()
  const expert = await service.expert(cookie)
  const opened = await expert.ask({ t: 'session.open' }, 'session.opened')
  const second = await service.expert(cookie)
  const expiring = await second.ask({ t: 'session.open' }, 'session.opened')
  const next = await again(service)
  await next.recorder()
  const back = await next.expert(cookie)
  t.match(await back.ask(reattach(opened), 'session.reattached'), { present: [], recorder: null })
  const customer = await next.customer()
  const joined = await customer.ask(join(opened.nameplate), 'session.joined')
  t.same(joined.card, opened.card, 'the same bytes, which both ends prove to each other')
  t.match(await back.next('peer'), { role: 'customer', presence: 'joined' })

  const secondBack = await next.expert(cookie)
  await secondBack.ask(reattach(expiring), 'session.reattached')
  clock.turn(NUMBER_LIFETIME_MS)
  t.match(await secondBack.next('session.ended'), { reason: 'number-expired' })
})

t.test('[N3] a number whose time ran out while the server was down is over', async (t) => {
  const { service, again, cookie, clock } = await started(t)
  await service.recorder()
  const expert = await service.expert(cookie)
  const opened = await expert.ask({ t: 'session.open' }, 'session.opened')
  await service.stop()
  clock.turn(NUMBER_LIFETIME_MS)
  const next = await again(service)
  clock.turn(1)
  const customer = await next.customer()
  customer.send(join(opened.nameplate))
  t.equal(await customer.refusal(), 'number-expired')
  const back = await next.expert(cookie)
  back.send(reattach(opened))
  t.equal(await back.refusal(), 'session-over')
})

t.test('[N3] a burned number stays burned over a restart', async (t) => {
  const { service, again, cookie } = await started(t)
  await service.recorder()
  const { opened } = await pair(service, cookie)
  const next = await again(service)
  await next.recorder()
  const customer = await next.customer()
  customer.send(join(opened.nameplate))
  t.equal(await customer.refusal(), 'number-used')
})

t.test('[S4] a session nobody comes back to ends after the grace', async (t) => {
  const { service, again, cookie, clock } = await started(t)
  await service.recorder()
  const { joined, opened } = await pair(service, cookie)
  const next = await again(service)
  const recorder = await next.recorder()
  await recorder.next('recorder.assign')
  clock.turn(60_000)
  t.match(await recorder.next('session.ended'), {
    sessionId: opened.sessionId,
    reason: 'line-lost',
    by: null,
  })
  const late = await next.customer()
  late.send(reattach(joined))
  t.equal(await late.refusal(), 'session-over')
})
