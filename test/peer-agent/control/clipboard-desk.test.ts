import t from 'tap'
import { openShared, openSteered } from '../../fixtures/assisted.ts'

const moved = (stage: Awaited<ReturnType<typeof openSteered>>) =>
  stage.records.filter((record) => record.t === 'clipboard')
const facts = (stage: Awaited<ReturnType<typeof openSteered>>) =>
  stage.screen.t === 'sharing' ? stage.screen.clipboard : undefined

t.test('[K1] at level view no text goes over', async (t) => {
  const stage = await openShared()
  t.teardown(() => stage.close())
  stage.fromExpertClipboard({ t: 'put', text: 'secret' })
  stage.fromExpertClipboard({ t: 'want' })
  await stage.settle()
  t.same(stage.clipboard, [
    { t: 'not-done', reason: 'not-granted' },
    { t: 'not-done', reason: 'not-granted' },
  ])
  t.notOk(stage.desktop.calls.some((call) => call.startsWith('clipboard')))
})

t.test('text from the expert lies on the clipboard, and the customer sees from whom and what', async (t) => {
  const stage = await openSteered()
  t.teardown(() => stage.close())
  stage.fromExpertClipboard({ t: 'put', text: `Zeile 1\n${'w'.repeat(100)}` })
  await stage.settle()
  t.same(stage.clipboard, [{ t: 'put-done' }])
  t.match(facts(stage)?.last, { from: 'expert', words: `Zeile 1 ${'w'.repeat(52)} …` })
  t.same(moved(stage), [{ t: 'clipboard', from: 'expert', length: 108 }], 'recorded with its length alone')
})

t.test('the customer’s copied text goes over only with the press of their own hand', async (t) => {
  const stage = await openSteered()
  t.teardown(() => stage.close())
  stage.fromExpertClipboard({ t: 'put', text: 'IBAN \u202eDE12' })
  await stage.settle()
  stage.fromExpertClipboard({ t: 'want' })
  await stage.settle()
  t.equal(facts(stage)?.wanted, 'IBAN DE12', 'nothing in it that reorders text')
  stage.clock.turn(5_000)
  stage.assistance.act({ t: 'clipboard-answer', isGiven: true })
  t.same(stage.told, ['ignored'])
  t.equal(stage.clipboard.length, 1)
  stage.byHand({ t: 'clipboard-answer', isGiven: true })
  t.same(stage.clipboard.at(-1), { t: 'given', text: 'IBAN \u202eDE12' })
  t.equal(facts(stage)?.wanted, null)
})

t.test('no answer, a no, the switch and the end of control each refuse', async (t) => {
  const stage = await openSteered()
  t.teardown(() => stage.close())
  const last = () => stage.clipboard.at(-1)
  stage.fromExpertClipboard({ t: 'want' })
  await stage.settle()
  t.same(last(), { t: 'not-done', reason: 'empty' })
  stage.fromExpertClipboard({ t: 'put', text: 'x' })
  await stage.settle()
  for (const end of [
    () => stage.clock.turn(60_000),
    () => stage.assistance.act({ t: 'clipboard-answer', isGiven: false }),
  ]) {
    stage.fromExpertClipboard({ t: 'want' })
    await stage.settle()
    end()
    t.same(last(), { t: 'not-done', reason: 'declined' })
  }
  stage.fromExpertClipboard({ t: 'want' })
  await stage.settle()
  stage.assistance.act({ t: 'clipboard', isOn: false })
  t.same(last(), { t: 'not-done', reason: 'declined' })
  stage.fromExpertClipboard({ t: 'put', text: 'y' })
  t.same(last(), { t: 'not-done', reason: 'switched-off' })
  t.equal(stage.state.clipboard, false)
  stage.clock.turn(5_000)
  stage.assistance.act({ t: 'clipboard', isOn: true })
  t.equal(stage.state.clipboard, false, 'only the customer’s own hand switches it on')
  stage.byHand({ t: 'clipboard', isOn: true })
  stage.fromExpertClipboard({ t: 'want' })
  await stage.settle()
  stage.byHand({ t: 'withdraw', level: 'control' })
  t.same(last(), { t: 'not-done', reason: 'not-granted' })
})
