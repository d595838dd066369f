import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
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
