import t, { type Test } from 'tap'
import { SIGNING_CONTEXT } from '../../protocol/identity.ts'
import { PROTOCOL_VERSION } from '../../protocol/messages/signaling.ts'
import { NUMBER_LIFETIME_MS } from '../../protocol/number.ts'
import { signatureHolds } from '../../signaling/keys/ed25519.ts'
import { HandClock } from './hand-clock.ts'
import { body, join, pair, reattach } from './paired-session.ts'
import { EXPERT, type RunningService, startService } from './running-service.ts'
import type { Message } from './test-socket.ts'

const GRACE_MS = 60_000
/** The clock jumps here, so that no answer to a heartbeat could come in time. */
const NEVER = Number.MAX_SAFE_INTEGER

async function started(t: Test): Promise<{ service: RunningService; clock: HandClock; cookie: string }> {
  const clock = new HandClock()
  const service = await startService({ dataFolder: t.testdir(), replaced: { clock, pingEveryMs: NEVER } })
  t.teardown(() => service.stop())
  await service.recorder()
  return { service, clock, cookie: await service.login() }
}

t.test('[T3] both ends get the same card and policy, signed', async (t) => {
  const { service, clock, cookie } = await started(t)
  const { opened, joined } = await pair(service, cookie)
  t.match(opened.nameplate, /^\d{3}$/)
  t.equal(opened.expiresAtMs, clock.nowMs() + NUMBER_LIFETIME_MS)
  t.same(opened.card, joined.card)
  t.same(opened.policy, joined.policy)
  t.not(opened.token, joined.token)
  const [policy, card] = [opened.policy, opened.card] as { document: string; signature: string }[]
  t.ok(signatureHolds(service.operatorKey!, SIGNING_CONTEXT.policy, policy!))
  const { cardKey } = JSON.parse(policy!.document)
  t.ok(signatureHolds(cardKey, SIGNING_CONTEXT.card, card!))
  t.same(JSON.parse(card!.document), {
    v: 1,
    sessionId: opened.sessionId,
    name: EXPERT.name,
    team: EXPERT.team,
    issuedAtMs: clock.nowMs(),
  })
  t.same((await service.app.inject({ url: '/api/policy' })).json(), policy)
})

t.test('[N3] a number works once, right or wrong; each refusal has its own code', async (t) => {
  const { service, clock, cookie } = await started(t)
  const { opened, customer } = await pair(service, cookie)
  const late = await service.customer()
  late.send(join(opened.nameplate))
  t.equal(await late.refusal(), 'number-used')
  const free = opened.nameplate === '000' ? '001' : '000'
  late.send(join(free))
  t.equal(await late.refusal(), 'number-unknown')
  late.send({ ...join(free), protocol: PROTOCOL_VERSION + 1 })
  t.same([await late.refusal(), await late.closed], ['malformed', 4400])
  customer.send(join(opened.nameplate))
  t.equal(await customer.refusal(), 'wrong-state', 'who is in a session joins no other')

  const expert = await service.expert(cookie)
  const waiting = await expert.ask({ t: 'session.open' }, 'session.opened')
  clock.turn(NUMBER_LIFETIME_MS - 1)
  t.notOk(expert.all.some(({ t }) => t === 'session.ended'))
  clock.turn(1)
  t.match(await expert.next('session.ended'), {
    sessionId: waiting.sessionId,
    reason: 'number-expired',
    by: null,
  })
  const after = await service.customer()
  after.send(join(waiting.nameplate))
  t.equal(await after.refusal(), 'number-expired')
  await expert.ask({ t: 'session.open' }, 'session.opened')
})

t.test('[N3] a fresh number ends the one before', async (t) => {
  const { service, cookie } = await started(t)
  const expert = await service.expert(cookie)
  const first = await expert.ask({ t: 'session.open' }, 'session.opened')
  const second = await expert.ask({ t: 'session.open' }, 'session.opened')
  t.not(second.nameplate, first.nameplate)
  const customer = await service.customer()
  customer.send(join(first.nameplate))
  t.equal(await customer.refusal(), 'number-expired')
  await customer.ask(join(second.nameplate), 'session.joined')
  expert.send({ t: 'session.open' })
  t.equal(await expert.refusal(), 'wrong-state', 'a running session is not thrown away')
})

t.test('[N4] guessing is slowed by address block; a right number costs nothing', async (t) => {
  const { service, clock, cookie } = await started(t)
  const stranger = await service.customer()
  for (let n = 0; n < 10; n++) {
    stranger.send(join(String(50_000 + n)))
    t.equal(await stranger.refusal(), 'number-unknown')
  }
  const expert = await service.expert(cookie)
  const { nameplate } = await expert.ask({ t: 'session.open' }, 'session.opened')
  stranger.send(join(nameplate))
  const slowed = await stranger.next('refused')
  t.match(slowed, { code: 'slow-down', retryAfterSeconds: 6 })
  clock.turn(6000)
  await stranger.ask(join(nameplate), 'session.joined')
  t.pass('the number was not burned by the attempt that was slowed')
  for (let n = 0; n < 12; n++) await pair(service, cookie)
})

t.test('[S2] whoever leaves ends it for the other, who can start again on the same socket', async (t) => {
  const { service, cookie } = await started(t)
  const { expert, customer, opened } = await pair(service, cookie)
  customer.send({ t: 'session.leave', reason: 'customer-ended' })
  const { sessionId } = opened
  t.match(await expert.next('session.ended'), { sessionId, reason: 'customer-ended', by: 'customer' })
  expert.send({ t: 'relay', to: 'customer', body: body('late') })
  t.equal(await expert.refusal(), 'session-over')
  customer.send(reattach(opened))
  t.equal(await customer.refusal(), 'not-found', "the expert's token is not the customer's")

  const again = await expert.ask({ t: 'session.open' }, 'session.opened')
  await customer.ask(join(again.nameplate), 'session.joined')
  expert.send({ t: 'session.leave', reason: 'expert-ended' })
  t.match(await customer.next('session.ended'), { reason: 'expert-ended', by: 'expert' })
})

t.test('[S4] a lost line is told at once and heals with the token alone', async (t) => {
  const { service, clock, cookie } = await started(t)
  const { expert, customer, opened, joined } = await pair(service, cookie)
  customer.cut()
  t.match(await expert.next('peer'), { role: 'recorder' })
  t.match(await expert.next('peer'), { role: 'customer', presence: 'lost' })
  expert.send({ t: 'relay', to: 'customer', body: body('x') })
  t.equal(await expert.refusal(), 'peer-absent')
  clock.turn(GRACE_MS - 1)

  const back = await service.customer()
  const reattached = await back.ask(reattach(joined), 'session.reattached')
  t.match(reattached, {
    sessionId: opened.sessionId,
    present: ['expert', 'recorder'],
    recorder: { epoch: 1 },
  })
  t.match(await expert.next('peer'), { role: 'customer', presence: 'back' })
  expert.send({ t: 'relay', to: 'customer', body: body('again') })
  t.match(await back.next('relayed'), { from: 'expert', body: body('again') })

  expert.cut()
  t.match(await back.next('peer'), { role: 'expert', presence: 'lost' })
  const expertBack = await service.expert(cookie)
  t.match(await expertBack.ask(reattach(opened), 'session.reattached'), { present: ['customer', 'recorder'] })
  t.match(await back.next('peer'), { role: 'expert', presence: 'back' })

  back.cut()
  t.match(await expertBack.next('peer'), { role: 'customer', presence: 'lost' })
  clock.turn(GRACE_MS)
  t.match(await expertBack.next('session.ended'), { reason: 'line-lost', by: null })
  const tooLate = await service.customer()
  tooLate.send(reattach(joined))
  t.equal(await tooLate.refusal(), 'session-over')
})

t.test('[S4] a newer attachment with the token takes the place of the older', async (t) => {
  const { service, cookie } = await started(t)
  const { expert, customer, joined, opened } = await pair(service, cookie)
  const parent = await service.customer()
  await parent.ask(reattach(joined), 'session.reattached')
  t.equal(await customer.refusal(), 'session-over')
  t.equal(await customer.closed, 4409)
  parent.send({ t: 'session.leave', reason: 'agent-crashed' })
  t.match(await expert.next('session.ended'), { reason: 'agent-crashed', by: 'customer' })
  t.notOk(
    expert.all.some((message: Message) => message.presence === 'lost'),
    'the older one was never missed',
  )
  expert.send(reattach(opened))
  t.equal(await expert.refusal(), 'session-over')
})

t.test('[S2] what was said before the good-bye still counts', async (t) => {
  const { service, cookie } = await started(t)
  const { expert, joined } = await pair(service, cookie)
  const parent = await service.customer()
  parent.send(reattach(joined))
  parent.send({ t: 'session.leave', reason: 'agent-crashed' })
  parent.ws.close()
  t.match(await expert.next('session.ended'), { reason: 'agent-crashed', by: 'customer' })
})

t.test('[S2] a token opens its own session, for its own end, for its own expert', async (t) => {
  const { service, cookie } = await started(t)
  const { opened, joined } = await pair(service, cookie)
  const other = await pair(service, cookie)
  const wrong: [string, object][] = [
    ["the other session's token", reattach({ ...joined, token: other.joined.token })],
    ["the other end's token", reattach(opened)],
    ['a made-up session', reattach({ ...joined, sessionId: 'x'.repeat(22) })],
  ]
  const stranger = await service.customer()
  for (const [what, message] of wrong) {
    stranger.send(message)
    t.equal(await stranger.refusal(), 'not-found', what)
  }
})

t.test('[T3] another expert cannot take a session over, even with its token', async (t) => {
  const clock = new HandClock()
  const otto = { name: 'Otto', team: '', password: 'another long password' }
  const service = await startService({
    dataFolder: t.testdir(),
    replaced: { clock, pingEveryMs: NEVER },
    experts: [otto],
  })
  t.teardown(() => service.stop())
  await service.recorder()
  const { opened } = await pair(service)
  const thief = await service.expert(await service.login(otto))
  thief.send(reattach(opened))
  t.equal(await thief.refusal(), 'not-found')
})

t.test('[S4] an expert whose line was down when the customer came finds the customer there', async (t) => {
  const { service, cookie } = await started(t)
  const expert = await service.expert(cookie)
  const opened = await expert.ask({ t: 'session.open' }, 'session.opened')
  await expert.close()
  const customer = await service.customer()
  await customer.ask(join(opened.nameplate), 'session.joined')
  t.match(await customer.next('peer'), { role: 'expert', presence: 'lost' })
  const back = await service.expert(cookie)
  t.match(await back.ask(reattach(opened), 'session.reattached'), { present: ['customer', 'recorder'] })
  t.match(await customer.next('peer'), { role: 'expert', presence: 'back' })
  await customer.close()
  t.match(await back.next('peer'), { role: 'customer', presence: 'lost' })
  await back.close()
  const third = await service.expert(cookie)
  t.match(await third.ask(reattach(opened), 'session.reattached'), { present: ['recorder'] })
  t.match(await third.next('peer'), { role: 'customer', presence: 'lost' })
})
