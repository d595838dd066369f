import t, { type Test } from 'tap'
import { openX11Desktop } from '../../../peer-agent/desktop/x11/desktop.ts'
import { watchInjectedEvents } from '../../fixtures/injected-events.ts'
import { injectorStage } from '../../fixtures/injector-stage.ts'
import { KEYSYMS, openPhysicalInput } from '../../fixtures/physical-input.ts'
import { until } from '../../fixtures/x-server.ts'

const MOVES = 10_000

async function handsStage(t: Test) {
  const stage = await injectorStage(t)
  const { display } = stage.server
  const desktop = await openX11Desktop({ display })
  t.teardown(() => desktop.close())
  const hands = await desktop.watchLocalHands()
  const input = await openPhysicalInput(display)
  t.teardown(() => input.close())
  const events = await watchInjectedEvents(display)
  t.teardown(() => events.close())
  const seen = { move: 0, press: 0, release: 0, stop: 0 }
  hands.onInput((kind) => {
    seen[kind]++
  })
  hands.onStopKey(() => {
    seen.stop++
  })
  return { ...stage, hands, input, events, seen }
}

t.test('[K4] ten thousand moves, clicks, turns and keys of the expert are nobody’s hands', async (t) => {
  const { injector, input, events, hands, seen } = await handsStage(t)
  // A wheel that does not turn moves the pointer, and unlike moves none is left out.
  for (let n = 0; n < MOVES; n++) injector.wheel(0, 0, n % 700, n % 500)
  for (let n = 0; n < 25; n++) {
    injector.button('left', true, 5, 5)
    injector.button('left', false, 5, 5)
    injector.wheel(120, -120, 5, 5)
    injector.text('aÄ漢')
    injector.key('ArrowLeft', true)
    injector.key('ArrowLeft', false)
  }
  injector.key('F9', true)
  injector.key('F9', false)
  await until(() => events.seen.includes('key 75 up'), { withinMs: 60_000 })
  t.ok(events.seen.filter((event) => event === 'move').length >= MOVES)
  t.same(seen, { move: 0, press: 0, release: 0, stop: 0 })
  t.equal(hands.heldCount(), 0)
  t.equal(hands.lastPressAtMs(), Number.NEGATIVE_INFINITY)
  // Events keep their order: once this one is here, all of those before were seen.
  await input.moveTo(5, 5)
  await until(() => seen.move === 1)
  t.same(seen, { move: 1, press: 0, release: 0, stop: 0 })
})

t.test('[K4] hands in between are seen each time', async (t) => {
  const { injector, input, events, hands, seen } = await handsStage(t)
  let isOver = false
  const flood = async () => {
    for (let n = 0; !isOver; n++) {
      injector.wheel(0, 0, n % 700, n % 500)
      injector.text('x')
      const before = events.seen.length
      await until(() => events.seen.length > before)
    }
  }
  const flooding = flood()
  for (let n = 1; n <= 20; n++) {
    await input.moveTo(n, n)
    await until(() => seen.move === n)
    await input.press()
    await until(() => seen.press === 2 * n - 1)
    t.equal(hands.heldCount(), 1)
    await input.release()
    await until(() => seen.release === 2 * n - 1)
    await input.key(0x61)
    await until(() => seen.release === 2 * n)
    t.equal(hands.heldCount(), 0)
  }
  isOver = true
  await flooding
  t.same(seen, { move: 20, press: 40, release: 40, stop: 0 })
})

t.test('[K4] the expert’s F11 is not the customer’s stop key', async (t) => {
  const { injector, input, events, seen } = await handsStage(t)
  injector.key('F11', true)
  injector.key('F11', false)
  await until(() => events.seen.includes('key 95 up'))
  await input.moveTo(3, 3)
  await until(() => seen.move === 1)
  t.equal(seen.stop, 0)
  await input.key(KEYSYMS.F11)
  await until(() => seen.stop === 1)
})
