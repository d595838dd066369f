import t from 'tap'
import { KEYSYMS } from '../../../fixtures/physical-input.ts'
import { startWindowsDesk } from '../../../fixtures/wine/desk.ts'
import { until } from '../../../fixtures/x-server.ts'

const F11 = 0x7a
/** Of 23 events each. */
const FLOOD_ROUNDS = 435
const NOTHING = { move: 0, press: 0, release: 0, stop: 0, heldCount: 0 }

const desk = await startWindowsDesk(t)
const { hands } = desk
const felt = () => desk.ask('felt')
await desk.ask('openInjector', null)

t.test('[K4] ten thousand injected events are nobody’s hands', async (t) => {
  t.equal(await desk.ask('watchHands'), true, 'Windows tells injected input apart')
  await desk.ask('flood', FLOOD_ROUNDS)
  t.match(await felt(), { ...NOTHING, pressedMsAgo: null })
  // Events keep their order: once this one is here, all of those before were seen.
  await hands.moveTo(300, 300)
  await until(async () => (await felt()).move > 0)
  t.match(await felt(), { press: 0, release: 0, stop: 0, heldCount: 0, pressedMsAgo: null })
})

t.test('[C4] the customer’s own mouse and keys are felt, with their time', async (t) => {
  await hands.moveTo(700, 600)
  t.equal((await felt()).pressedMsAgo, null, 'moving is not pressing')
  await hands.press()
  await until(async () => (await felt()).press === 1)
  await hands.release()
  await until(async () => (await felt()).release === 1)
  const { pressedMsAgo } = await felt()
  t.ok(pressedMsAgo !== null && pressedMsAgo >= 0)
  await hands.key(0x61)
  await until(async () => (await felt()).release === 2)
  t.match(await felt(), { press: 2, release: 2, stop: 0, heldCount: 0 })
})

t.test('[K3] what the customer holds is counted', async (t) => {
  await hands.keyDown(KEYSYMS.Shift)
  await hands.press()
  await until(async () => (await felt()).heldCount === 2)
  await hands.release()
  await until(async () => (await felt()).heldCount === 1)
  await hands.keyUp(KEYSYMS.Shift)
  await until(async () => (await felt()).heldCount === 0)
  t.same(await desk.ask('down'), [])
})

t.test(
  '[C5] the stop key is felt and kept from the programs; the expert’s is a key like any other',
  async (t) => {
    const before = await felt()
    await hands.keyDown(KEYSYMS.F11)
    await until(async () => (await felt()).stop === 1)
    t.notOk((await desk.ask('down')).includes(F11))
    await hands.keyUp(KEYSYMS.F11)
    await until(async () => (await felt()).release === before.release + 1)
    await desk.ask('key', 'F11', true)
    t.ok((await desk.ask('down')).includes(F11))
    await desk.ask('key', 'F11', false)
    await hands.key(0x61)
    await until(async () => (await felt()).release === before.release + 2)
    t.equal((await felt()).stop, 1)
  },
)

t.test('[K2] the customer’s hand stops the expert’s at once, and nothing stays down', async (t) => {
  await desk.ask('watchAll')
  const over = desk.ask('floodUntilHandsMove')
  await until(async () => (await desk.ask('down')).length > 0)
  const since = performance.now()
  await Promise.all([hands.moveTo(100, 100), over])
  t.comment(
    `from the hand’s move to the answer that all was let go: ${Math.round(performance.now() - since)} ms`,
  )
  t.same(await desk.ask('down'), [])
  t.equal((await desk.ask('state')).isHolding, false)
  await hands.moveTo(120, 130)
  await until(async () => (await desk.ask('cursor')).y === 130)
  t.same(
    (await desk.ask('spied')).filter(({ isInjected }) => isInjected),
    [],
  )
})

t.test('[K2] hooks that Windows dropped without a word are set again', async (t) => {
  await hands.keyDown(KEYSYMS.Shift)
  await until(async () => (await felt()).heldCount === 1)
  t.equal(await desk.ask('dropHooks'), 2)
  await hands.keyUp(KEYSYMS.Shift)
  await until(async () => (await felt()).heldCount === 0, { what: 'the key that went up unseen' })
  const before = await felt()
  let x = 200
  const moved = async () => {
    await hands.moveTo(++x, 200)
    return (await felt()).move > before.move
  }
  await until(moved, { what: 'the hands to be felt again', withinMs: 20_000 })
  await hands.click()
  await until(async () => (await felt()).release > before.release)
  t.equal((await felt()).press, before.press + 1)
})

t.test('after close nothing is told any more', async (t) => {
  await desk.ask('closeHands')
  const before = await felt()
  await hands.key(KEYSYMS.F11)
  await hands.moveTo(310, 320)
  await until(async () => (await desk.ask('cursor')).y === 320)
  t.match(await felt(), { ...before, pressedMsAgo: Number })
})
