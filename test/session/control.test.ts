import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import type { Notice } from '../../expert-ui/session/view.ts'
import { systemClock } from '../../peer/clock.ts'
import { MemoryService, newOperator } from '../fixtures/memory-service.ts'
import { openCustomerPlayer, openExpertPlayer, openRecorderPlayer } from '../fixtures/players.ts'

const operator = await newOperator()
const folder = mkdtempSync(join(tmpdir(), 'lotse-test-'))
t.teardown(() => rmSync(folder, { recursive: true }))

async function share(t: Test, grantsControl = true) {
  const service = new MemoryService(operator)
  const recorder = openRecorderPlayer(service, folder)
  // At the usual tempo: a machine that stands still for a moment must not freeze the picture in between.
  const clock = systemClock
  const expert = openExpertPlayer(service.connectExpert, clock)
  const { operatorKey } = operator
  const customer = openCustomerPlayer({ connect: service.connectCustomer, operatorKey, grantsControl, clock })
  const notices: Notice[] = []
  expert.session.onNotice((notice) => notices.push(notice))
  expert.session.newSession()
  await expert.phase('waiting')
  customer.act({ t: 'number', typed: expert.number })
  await expert.until(() => expert.frames.length > 0)
  t.teardown(async () => {
    expert.session.close()
    customer.act({ t: 'quit' })
    await customer.finished
    recorder.close()
  })
  return { expert, customer, notices }
}

const holds = (holder: string) => (view: { phase: string; holder?: string }) => view.holder === holder

t.test('[C2] [K1] ask, grant, steer, take over: over a real link, in order and nothing twice', async (t) => {
  const { expert, customer, notices } = await share(t)
  const { session } = expert
  session.hands.text('too early')
  session.ask('control')
  await expert.until(() => holds('expert')(session.view))
  t.match(session.view, { level: 'control', because: null, ctrlAltDel: true, clipboard: true })
  session.hands.button('left', true, 3, 4)
  session.hands.button('left', false, 3, 4)
  session.hands.key('ControlLeft', true)
  session.hands.key('KeyC', true, 'c')
  session.hands.key('KeyC', false, 'c')
  session.hands.key('ControlLeft', false)
  session.hands.wheel(0, 120, 3, 4)
  session.hands.text('Grüße 😀')
  session.hands.putClipboard('kopiert')
  const expected = [
    'left down',
    'left up',
    'ControlLeft down',
    'KeyC down',
    'KeyC up',
    'ControlLeft up',
    'wheel 0,120',
    'text Grüße 😀',
  ]
  // The next message on the same channel tells that all of these have been dealt with.
  await expert.until(() => notices.length > 0)
  t.same(customer.injected, expected)
  t.same(notices, [{ t: 'clipboard-put' }])

  session.hands.key('ShiftLeft', true)
  session.hands.wheel(0, 1, 1, 1)
  customer.desktop.input('move')
  await expert.until(() => holds('customer')(session.view))
  t.match(session.view, { level: 'control', because: 'hands' })
  t.notOk(customer.injected.filter((event) => event === 'ShiftLeft down').length > 1)
  const downs = customer.injected.filter((event) => event.startsWith('ShiftLeft'))
  t.ok(downs.length === 0 || downs.length === 2, 'what went down came up')
  await expert.until(() => holds('expert')(session.view))
  customer.act({ t: 'withdraw', level: 'control' })
  await expert.until(() => session.view.phase === 'watching' && session.view.level === 'view')
  t.equal(customer.injected.at(-1), 'closed')
})

t.test('[C2] a no leaves everything as it was, and the expert cannot ask on', async (t) => {
  const { expert, customer } = await share(t, false)
  const { session } = expert
  const level = () => (session.view.phase === 'watching' ? session.view : undefined)
  t.same(level()?.askable, ['control'])
  session.ask('control')
  await expert.until(() => level()?.question === 'control')
  await expert.until(() => level()?.question === null)
  t.match(session.view, { level: 'view', askable: [] })
  t.same(customer.injected, [])
})

t.test('[S2] a flood of input ends the session, and nobody else’s', async (t) => {
  const { expert, customer } = await share(t)
  expert.session.ask('control')
  await expert.until(() => holds('expert')(expert.session.view))
  for (let n = 0; n < 300; n++) expert.session.hands.text('x'.repeat(256))
  await customer.screen('ended')
  t.match(customer.screens.at(-1), { reason: 'protocol-error' })
})
