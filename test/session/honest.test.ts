import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { MemoryService, newOperator } from '../fixtures/memory-service.ts'
import { MARKER, openCustomerPlayer, openExpertPlayer, openRecorderPlayer } from '../fixtures/players.ts'

const operator = await newOperator()
const folder = mkdtempSync(join(tmpdir(), 'lotse-test-'))
t.teardown(() => rmSync(folder, { recursive: true }))

t.test(
  '[T1] [C1] number, proof, consent, recorder, watermark, picture, chat and end, in this order',
  async (t) => {
    const service = new MemoryService(operator)
    const recorder = openRecorderPlayer(service, folder)
    const expert = openExpertPlayer(service.connectExpert)
    const customer = openCustomerPlayer({
      connect: service.connectCustomer,
      operatorKey: operator.operatorKey,
    })
    expert.session.newSession()
    await expert.phase('waiting')
    customer.act({ t: 'number', typed: expert.number })
    await customer.screen('sharing')
    await expert.until(() => expert.frames.length > 0)
    t.ok(Buffer.from(expert.frames[0]!).includes(MARKER))
    const order = ['window question', 'watermark shown', 'picture requested'].map((call) =>
      customer.calls.indexOf(call),
    )
    t.same(
      order,
      order.toSorted((a, b) => a - b),
      customer.calls.join(', '),
    )
    t.notOk(
      customer.calls.slice(0, order[0]).some((call) => call.startsWith('picture')),
      'nothing before consent',
    )
    t.match(expert.session.view, { phase: 'watching', level: 'view', recorder: 'Aufzeichnung 1' })

    expert.session.sendChat('Guten Tag <script>alert(1)</script> 😀')
    await customer.until(() => customer.chat.length > 0)
    customer.act({ t: 'chat', text: 'Grüße' })
    await expert.until(
      () => expert.session.chat.length === 2 && expert.session.chat.every((line) => line.delivered),
    )
    t.same(
      expert.session.chat.map(({ from, text }) => [from, text]),
      [
        ['expert', 'Guten Tag <script>alert(1)</script> 😀'],
        ['customer', 'Grüße'],
      ],
    )
    customer.act({ t: 'end' })
    await Promise.all([expert.phase('ended'), customer.screen('ended')])
    t.match(expert.session.view, { reason: 'customer-ended', by: 'customer' })
    const last = customer.calls.filter((call) => /closed/.test(call))
    t.same(last, ['picture closed', 'watermark closed'])
    customer.act({ t: 'quit' })
    await customer.finished
    expert.session.close()
    recorder.close()
    t.ok(readdirSync(folder).some((name) => name.endsWith('.rec')))
  },
)

t.test(
  '[C1] [C2] [C7] declined: nothing was captured, no mark was needed, and the answer is recorded',
  async (t) => {
    const service = new MemoryService(operator)
    const recorder = openRecorderPlayer(service, folder)
    const expert = openExpertPlayer(service.connectExpert)
    const { operatorKey } = operator
    const before = new Set(readdirSync(folder))
    const customer = openCustomerPlayer({ connect: service.connectCustomer, operatorKey, grantsView: false })
    expert.session.newSession()
    await expert.phase('waiting')
    customer.act({ t: 'number', typed: expert.number })
    await Promise.all([customer.screen('ended'), expert.phase('ended')])
    t.match(expert.session.view, { reason: 'declined', by: 'customer' })
    t.same(
      customer.calls.filter((call) => !call.startsWith('window')),
      [],
      'no call but to the window',
    )
    t.same(expert.frames, [])
    const added = readdirSync(folder).filter((name) => !before.has(name) && name.endsWith('.rec'))
    t.equal(added.length, 1)
    const bytes = readFileSync(join(folder, added[0]!)).toString('latin1')
    t.match(bytes, /"type":"consent"/)
    t.match(bytes, /"t":"closing"/)
    customer.act({ t: 'quit' })
    await customer.finished
    expert.session.close()
    recorder.close()
  },
)
