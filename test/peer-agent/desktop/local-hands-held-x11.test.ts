import type { EventEmitter } from 'node:events'
import t, { type Test } from 'tap'
import { connectX, type XConnection } from '../../../peer-agent/desktop/x11/connection.ts'
import { watchLocalHands } from '../../../peer-agent/desktop/x11/local-hands.ts'
import { injectInto } from '../../fixtures/injector-stage.ts'
import { switchDevice } from '../../fixtures/input-hierarchy.ts'
import { answer, keysDown } from '../../fixtures/keyboard-state.ts'
import { KEYSYMS, openPhysicalInput } from '../../fixtures/physical-input.ts'
import { startXServer, until } from '../../fixtures/x-server.ts'

async function stage(t: Test) {
  const server = await startXServer({ width: 300, height: 200 })
  t.teardown(() => server.close())
  const connection = await connectX({ display: server.display })
  t.teardown(() => connection.close())
  const hands = await watchLocalHands(connection)
  const input = await openPhysicalInput(server.display)
  t.teardown(() => input.close())
  const seen = { move: 0, press: 0, release: 0 }
  hands.onInput((kind) => {
    seen[kind]++
  })
  return { server, connection, hands, input, seen }
}

/** Raw events as the server tells them: Xvfb's own mouse has neither wheel nor touch. */
async function playDevice(connection: XConnection): Promise<(name: string, detail: number) => void> {
  const xinput = await connection.extension('xinput')
  const devices = await answer<{ deviceId: number; name: string }[]>((done) =>
    xinput.XIQueryDevice(xinput.AllDevices, done),
  )
  const { deviceId: sourceId } = devices.find(({ name }) => name === 'Xvfb mouse')!
  const client = connection.client as unknown as EventEmitter
  return (name, detail) => void client.emit('event', { name, sourceId, detail })
}

t.test('[C4] turning the wheel is moving, not pressing', async (t) => {
  const { connection, hands, seen } = await stage(t)
  const tell = await playDevice(connection)
  for (const button of [4, 5, 6, 7]) {
    tell('XIRawButtonPress', button)
    tell('XIRawButtonRelease', button)
  }
  t.same(seen, { move: 8, press: 0, release: 0 })
  t.equal(hands.lastPressAtMs(), Number.NEGATIVE_INFINITY)
  t.equal(hands.heldCount(), 0)
  tell('XIRawButtonPress', 8)
  t.equal(hands.heldCount(), 1, 'the button behind them counts')
})

t.test('[K3] a finger on the screen is held like a button', async (t) => {
  const { connection, hands, seen } = await stage(t)
  const tell = await playDevice(connection)
  tell('XIRawTouchBegin', 1)
  tell('XIRawTouchBegin', 2)
  tell('XIRawTouchUpdate', 1)
  t.equal(hands.heldCount(), 2)
  tell('XIRawTouchEnd', 1)
  tell('XIRawTouchEnd', 2)
  t.equal(hands.heldCount(), 0)
  t.same(seen, { move: 1, press: 2, release: 2 })
})

t.test('[K3] what the customer holds is counted, by device', async (t) => {
  const { server, hands, input, seen } = await stage(t)
  const holds = async (count: number) => {
    await until(() => hands.heldCount() === count)
    t.pass(`${count}`)
  }
  await input.press(1)
  await input.press(3)
  await holds(2)
  await input.keyDown(KEYSYMS.Shift)
  await input.keyDown(0x61)
  await holds(4)
  // A key that repeats is pressed again and again, and released once.
  const before = seen.press
  await input.keyDown(0x61)
  await until(() => seen.press === before + 1)
  await holds(4)
  await input.keyUp(0x61)
  await holds(3)
  await input.release(1)
  await holds(2)
  await switchDevice(server, 'Xvfb keyboard', false)
  await holds(1)
  await switchDevice(server, 'Xvfb keyboard', true)
  await input.keyDown(0x62)
  await holds(2)
  await input.keyUp(0x62)
  await input.release(3)
  await holds(0)
})

t.test('[K3] of a device that is unplugged nothing is held, even where no release was told', async (t) => {
  const { server, connection, hands } = await stage(t)
  const tell = await playDevice(connection)
  tell('XIRawButtonPress', 1)
  tell('XIRawTouchBegin', 7)
  t.equal(hands.heldCount(), 2)
  await switchDevice(server, 'Xvfb mouse', false)
  await until(() => hands.heldCount() === 0)
})

t.test('[K3] what is injected is not held by the customer', async (t) => {
  const { server, hands, input, seen } = await stage(t)
  const { injector } = await injectInto(t, server)
  injector.button('left', true, 5, 5)
  injector.key('ShiftLeft', true)
  await until(async () => (await keysDown(server)).length === 1)
  await input.moveTo(9, 9)
  await until(() => seen.move === 1)
  t.equal(hands.heldCount(), 0)
})

t.test('[K2] each is told while it is read, not later', async (t) => {
  const { connection, hands, input } = await stage(t)
  let told = 0
  const toldWhenRead: number[] = []
  hands.onInput(() => {
    told++
  })
  connection.onEvent((event) => {
    if (event.name?.startsWith('XIRaw')) toldWhenRead.push(told)
  })
  for (let n = 1; n <= 10; n++) await input.moveTo(n, n)
  await input.key(0x61)
  await until(() => told === 12)
  t.same(
    toldWhenRead,
    Array.from({ length: 12 }, (_, index) => index + 1),
  )
})
