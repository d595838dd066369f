import t, { type Test } from 'tap'
import type { LocalHands } from '../../../peer-agent/desktop/port.ts'
import { openX11Desktop } from '../../../peer-agent/desktop/x11/desktop.ts'
import { addMaster } from '../../fixtures/input-hierarchy.ts'
import { KEYSYMS, openPhysicalInput, type PhysicalInput } from '../../fixtures/physical-input.ts'
import { startXServer, until, type XServer } from '../../fixtures/x-server.ts'

const NUM_LOCK = 0xff7f
const CAPS_LOCK = 0xffe5
const KEY_PRESS = 1
const ASYNC = 1

interface Stage {
  readonly server: XServer
  readonly hands: LocalHands
  readonly input: PhysicalInput
  readonly seen: { move: number; press: number; release: number; stop: number }
}

async function stage(t: Test): Promise<Stage> {
  const server = await startXServer({ width: 600, height: 400 })
  t.teardown(() => server.close())
  const desktop = await openX11Desktop({ display: server.display })
  t.teardown(() => desktop.close())
  const hands = await desktop.watchLocalHands()
  const input = await openPhysicalInput(server.display)
  t.teardown(() => input.close())
  const seen = { move: 0, press: 0, release: 0, stop: 0 }
  hands.onInput((kind) => {
    seen[kind]++
  })
  hands.onStopKey(() => {
    seen.stop++
  })
  return { server, hands, input, seen }
}

/** A window that has the focus and notes every key it gets. */
async function focusedWindow(server: XServer): Promise<{ window: number; keys: number[] }> {
  const { client, root } = server
  const window = client.AllocID()
  client.CreateWindow(window, root, 0, 0, 200, 100, 0, 0, 0, 0, {
    overrideRedirect: true,
    eventMask: KEY_PRESS,
  })
  client.MapWindow(window)
  client.SetInputFocus(window, 0)
  const keys: number[] = []
  client.on('event', (event) => {
    const { name, keycode } = event as { name?: string; keycode?: number }
    if (name === 'KeyPress' && keycode !== undefined) keys.push(keycode)
  })
  await server.sync()
  return { window, keys }
}

t.test('[K4] ten thousand injected events are nobody’s hands', async (t) => {
  const { hands, input, seen } = await stage(t)
  t.equal(hands.tellsInjectedApart, true)
  await input.injectManyMoves(9_900)
  for (let i = 0; i < 25; i++) {
    await input.injectedClick()
    await input.injectedKey(0x61)
  }
  t.same(seen, { move: 0, press: 0, release: 0, stop: 0 })
  t.equal(hands.lastPressAtMs(), Number.NEGATIVE_INFINITY)
  // Events keep their order: once this one is here, all of those before were seen.
  await input.moveTo(5, 5)
  await until(() => seen.move === 1)
  t.same(seen, { move: 1, press: 0, release: 0, stop: 0 })
})

t.test('[C4] the customer’s own mouse and keys are seen, with their time', async (t) => {
  const { hands, input, seen } = await stage(t)
  await input.moveTo(50, 50)
  await until(() => seen.move > 0)
  t.equal(hands.lastPressAtMs(), Number.NEGATIVE_INFINITY, 'moving is not pressing')
  const before = performance.now()
  await input.click()
  await until(() => seen.release === 1)
  const clickedAt = hands.lastPressAtMs()
  t.ok(clickedAt >= before && clickedAt <= performance.now())
  await input.key(0x61)
  await until(() => seen.release === 2)
  t.equal(seen.press, 2)
  t.ok(hands.lastPressAtMs() > clickedAt)
  t.equal(seen.stop, 0)
})

t.test('[K2] they are seen within 50 ms', async (t) => {
  const { hands, input } = await stage(t)
  const delays: number[] = []
  for (let i = 0; i < 50; i++) {
    const since = performance.now()
    const seen = new Promise<void>((resolve) => hands.onInput(() => resolve()))
    await Promise.all([input.moveTo(10 + i, 10 + i), seen])
    delays.push(performance.now() - since)
  }
  delays.sort((a, b) => a - b)
  t.ok(delays[25]! < 50, `median ${delays[25]!.toFixed(1)} ms, longest ${delays.at(-1)!.toFixed(1)} ms`)
})

t.test('[C5] the stop key is seen whatever has the focus, and does not reach it', async (t) => {
  const { server, input, seen } = await stage(t)
  const { keys } = await focusedWindow(server)
  for (const lock of [undefined, NUM_LOCK, CAPS_LOCK]) {
    // So the window has been told of the keys before.
    await server.sync()
    const [before, got] = [seen.stop, keys.length]
    if (lock !== undefined) await input.key(lock)
    await input.key(KEYSYMS.F11)
    await input.key(0x78)
    await until(() => seen.stop === before + 1)
    await until(() => keys.length >= got + (lock === undefined ? 1 : 2))
    t.equal(keys.length, got + (lock === undefined ? 1 : 2), 'the other keys arrive, F11 does not')
    if (lock !== undefined) await input.key(lock)
  }
})

t.test('[C5] the stop key is seen while another program grabs the keyboard', async (t) => {
  const { server, input, seen } = await stage(t)
  const status = await new Promise<number>((resolve, reject) => {
    server.client.GrabKeyboard(server.root, 0, 0, ASYNC, ASYNC, (error, value) => {
      if (error) reject(error)
      else resolve(value)
      return true
    })
  })
  t.equal(status, 0)
  await input.key(KEYSYMS.F11)
  await until(() => seen.stop === 1)
})

t.test('[C5] it works when another program holds the key already', async (t) => {
  const server = await startXServer({ width: 300, height: 200 })
  t.teardown(() => server.close())
  const first = await openX11Desktop({ display: server.display })
  await first.watchLocalHands()
  const second = await openX11Desktop({ display: server.display })
  const hands = await second.watchLocalHands()
  const input = await openPhysicalInput(server.display)
  const stopped = new Promise<void>((resolve) => hands.onStopKey(resolve))
  await input.key(KEYSYMS.F11)
  await t.resolves(stopped)
  input.close()
  await first.close()
  await second.close()
})

t.test('[K4] an injected stop key stops nothing', async (t) => {
  const { input, seen } = await stage(t)
  await input.injectedKey(KEYSYMS.F11)
  await input.moveTo(7, 7)
  await until(() => seen.move === 1)
  t.equal(seen.stop, 0)
})

t.test('[K4] devices that come later are told apart as well', async (t) => {
  const { server, input, seen } = await stage(t)
  // A new master pointer brings a pair of XTEST slaves: ids move, so the list of devices is read anew.
  await addMaster(server, 'second')
  await input.injectManyMoves(50)
  await input.injectedClick()
  await input.moveTo(20, 20)
  await until(() => seen.move > 0)
  t.same(seen, { move: 1, press: 0, release: 0, stop: 0 })
})

t.test('after close nothing is told and the key belongs to the applications again', async (t) => {
  const { server, hands, input, seen } = await stage(t)
  const { keys } = await focusedWindow(server)
  await hands.close()
  await input.moveTo(9, 9)
  await input.key(KEYSYMS.F11)
  await until(() => keys.length === 1)
  t.same(seen, { move: 0, press: 0, release: 0, stop: 0 })
})
