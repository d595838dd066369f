import t from 'tap'
import { type Assisted, openShared, openSteered } from '../../fixtures/assisted.ts'

const press = (n: number, isDown = true) => ({ t: 'button', n, button: 'left', isDown, x: 7, y: 9 }) as const
const type = (text: string) => ({ t: 'text', text }) as const
const held = (stage: Assisted) => [stage.state.holder, stage.state.because]

t.test('[K1] nothing that could inject exists before the grant, nor after its end', async (t) => {
  const stage = await openShared()
  t.teardown(() => stage.close())
  stage.remote(type('a'))
  t.same(stage.injected, [])
  t.same(held(stage), ['customer', 'not-granted'])
  stage.assistance.ask('control')
  stage.clock.turn(800)
  stage.byHand({ t: 'answer', subject: 'control', granted: true })
  await stage.settle()
  stage.clock.turn(2_000)
  t.same(held(stage), ['expert', null])
  stage.remote(type('b'))
  stage.byHand({ t: 'withdraw', level: 'control' })
  await stage.settle()
  stage.clock.turn(60_000)
  stage.remote(type('c'))
  t.same(stage.injected, ['text b', 'closed'])
})

t.test(
  '[K2] [K3] the customer moves in the middle of a drag: at once theirs, and back after 2 s of rest',
  async (t) => {
    const stage = await openSteered()
    t.teardown(() => stage.close())
    stage.remote(press(1))
    stage.desktop.input('move')
    t.same(stage.injected, ['left down', 'left up'])
    t.same(held(stage), ['customer', 'hands'])
    stage.remote(press(2))
    t.equal(stage.injected.length, 2)
    stage.clock.turn(1_999)
    t.same(held(stage), ['customer', 'hands'])
    stage.clock.turn(1)
    t.same(held(stage), ['expert', null])
    stage.remote(press(3))
    t.same(stage.injected.at(-1), 'left down')
    t.equal(stage.assistance.steering.takeOvers, 1)
    stage.assistance.giveBack('control')
    t.equal(stage.assistance.steering.takeOvers, 1, 'what the expert gives back nobody took')
  },
)

t.test('[K3] a button the customer holds keeps it theirs; the rest they chose counts', async (t) => {
  const stage = await openSteered()
  t.teardown(() => stage.close())
  stage.byHand({ t: 'rest', seconds: 5 })
  stage.desktop.input('press')
  stage.clock.turn(3_600_000 / 4)
  t.equal(stage.state.holder, 'customer')
  stage.desktop.input('release')
  stage.clock.turn(4_999)
  t.equal(stage.state.holder, 'customer')
  stage.clock.turn(1)
  t.equal(stage.state.holder, 'expert')
})

t.test('[C3] while a question stands every remote input is dropped', async (t) => {
  const stage = await openSteered()
  t.teardown(() => stage.close())
  stage.remote({ t: 'key', code: 'ControlLeft', isDown: true })
  stage.assistance.ask('admin')
  t.same(stage.injected, ['ControlLeft down', 'ControlLeft up'])
  t.match(stage.state, { holder: 'customer', because: 'question', question: 'admin' })
  stage.remote(type('yes'))
  stage.remote(press(1))
  t.equal(stage.injected.length, 2)
  t.notOk(
    stage.desktop.calls.some((call) => call.startsWith('pointer ')),
    'nor is anything pointed at',
  )
})

t.test(
  '[C5] "Blick weg": a card for expert and recording, no input, until the customer’s own hand lifts it',
  async (t) => {
    const stage = await openSteered()
    t.teardown(() => stage.close())
    stage.assistance.act({ t: 'hide', isHidden: true })
    await stage.settle()
    t.equal(stage.pictureState, 'card')
    t.match(stage.screen, { t: 'sharing', picture: 'card', pictureReason: 'hidden' })
    t.same(stage.records.at(-1), { t: 'picture', state: 'card', reason: 'hidden' })
    t.match(stage.desktop.shownMark(), { what: 'hidden' })
    stage.remote(type('a'))
    t.same(stage.injected, [])
    stage.clock.turn(10_000)
    stage.assistance.act({ t: 'hide', isHidden: false })
    t.equal(stage.pictureState, 'card', 'nobody but the customer’s hand lifts it')
    t.same(stage.told, ['ignored'])
    stage.byHand({ t: 'hide', isHidden: false })
    t.equal(stage.pictureState, 'live')
    stage.clock.turn(2_000)
    t.equal(stage.state.holder, 'expert')
  },
)

t.test('[R1] a frozen picture drops control, and it comes back by itself', async (t) => {
  const stage = await openSteered()
  t.teardown(() => stage.close())
  stage.permit({ state: 'frozen', reason: 'recorder-silent' })
  t.same(held(stage), ['customer', 'picture'])
  t.equal(stage.state.level, 'control')
  stage.permit({ state: 'live', untilMs: Number.POSITIVE_INFINITY })
  t.same(held(stage), ['expert', null])
})

t.test(
  '[S4] a lost line takes control away; when it is back the customer is asked, and one click gives it',
  async (t) => {
    const stage = await openSteered()
    t.teardown(() => stage.close())
    stage.remote({ t: 'key', code: 'ShiftLeft', isDown: true })
    stage.assistance.lineChanged('lost')
    await stage.settle()
    t.same(stage.injected, ['ShiftLeft down', 'ShiftLeft up', 'closed'])
    t.match(stage.state, { level: 'view', question: null })
    stage.assistance.lineChanged('linked')
    t.match(stage.screen, { t: 'question', subject: 'control' })
    stage.clock.turn(800)
    stage.byHand({ t: 'answer', subject: 'control', granted: true })
    await stage.settle()
    stage.clock.turn(2_000)
    t.same(held(stage), ['expert', null])
    t.ok(stage.consentRecords().includes('lapsed control'), '[C7] recorded as what it was')
  },
)

t.test('[W1] the mark says when the expert has the mouse', async (t) => {
  const stage = await openSteered()
  t.teardown(() => stage.close())
  await stage.settle()
  t.match(stage.desktop.shownMark(), { what: 'holds', expertHolds: true })
  stage.desktop.input('move')
  await stage.settle()
  t.match(stage.desktop.shownMark(), { what: 'control', expertHolds: false })
})

t.test('[K6] the control log says who held from when to when, and how many events each made', async (t) => {
  const stage = await openSteered()
  t.teardown(() => stage.close())
  const stretches = () => stage.records.flatMap((record) => (record.t === 'holder' ? [record] : []))
  const before = stretches().length
  const fromMs = stage.clock.now()
  for (let n = 0; n < 5; n++) stage.remote(press(n, n % 2 === 0))
  stage.remote(type('Grüße'))
  stage.clock.turn(1_000)
  stage.desktop.input('move')
  stage.remote(type('xy'))
  stage.desktop.input('press')
  stage.desktop.input('release')
  stage.clock.turn(2_000)
  const [expert, customer] = stretches().slice(before)
  t.match(expert, {
    holder: 'expert',
    fromMs,
    toMs: fromMs + 1_000,
    expert: { buttons: 5, keys: 5, refused: 0 },
    customer: { moves: 0 },
  })
  t.match(customer, {
    holder: 'customer',
    toMs: fromMs + 3_000,
    expert: { keys: 0, refused: 2 },
    customer: { moves: 1, presses: 1 },
  })
  t.notOk(
    /Gr|xy|7|9/.test(JSON.stringify(stretches()).replace(/Ms":\d+/g, '')),
    'never which keys, never where',
  )
  stage.clock.turn(60_000)
  t.equal(stretches().length, before + 3, 'and at least every minute')
})

t.test(
  'a click at level view points; nothing is injected and the arrow is gone with a question',
  async (t) => {
    const stage = await openShared()
    t.teardown(() => stage.close())
    const pointed = () => stage.desktop.calls.filter((call) => call.startsWith('pointer'))
    stage.remote({ t: 'show', x: 3, y: 4 })
    await stage.settle()
    t.same(pointed(), ['pointer 3,4 Anna zeigt'])
    stage.assistance.ask('control')
    await stage.settle()
    t.same(pointed().slice(1), ['pointer hidden'])
    stage.remote({ t: 'show', x: 5, y: 6 })
    await stage.settle()
    t.equal(pointed().length, 2)
  },
)

t.test('an expert who gives control back needs a new grant', async (t) => {
  const stage = await openSteered()
  t.teardown(() => stage.close())
  stage.assistance.giveBack('control')
  t.match(stage.state, { level: 'view', askable: ['control'] })
  t.ok(stage.consentRecords().includes('returned control'))
})

t.test(
  '[C8] after 30 minutes the question stands before everything; no answer ends the session',
  async (t) => {
    const stage = await openSteered()
    t.teardown(() => stage.close())
    stage.clock.turn(30 * 60_000)
    t.match(stage.screen, { t: 'question', subject: 'go-on' })
    stage.remote(type('a'))
    t.same(stage.injected, [])
    stage.clock.turn(2 * 60_000)
    t.same(stage.ends, ['consent-lapsed'])
  },
)

t.test('[C8] saying no to going on ends it, yes asks again in 30 minutes', async (t) => {
  const stage = await openSteered()
  t.teardown(() => stage.close())
  stage.clock.turn(30 * 60_000)
  stage.byHand({ t: 'answer', subject: 'go-on', granted: true })
  t.match(stage.screen, { t: 'sharing', level: 'control' })
  stage.clock.turn(30 * 60_000)
  stage.assistance.act({ t: 'answer', subject: 'go-on', granted: false })
  t.same(stage.ends, ['customer-ended'])
})
