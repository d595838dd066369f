import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import { releaseHeld } from '../../../peer-agent/desktop/release-held.ts'
import { watchInjectedEvents } from '../../fixtures/injected-events.ts'
import { injectInto } from '../../fixtures/injector-stage.ts'
import { buttonsDown, keyboardDescription, keysDown, setLayout } from '../../fixtures/keyboard-state.ts'
import { openPhysicalInput } from '../../fixtures/physical-input.ts'
import { startXServer, until, type XServer } from '../../fixtures/x-server.ts'

const CHILD = fileURLToPath(new URL('../../fixtures/holding-child.ts', import.meta.url))
const SHIFT = 50

/** A desktop on which an agent was killed while it held keys and buttons. */
async function afterACrash(t: Test): Promise<{ server: XServer; before: string }> {
  const server = await startXServer({ width: 300, height: 200 })
  t.teardown(() => server.close())
  await setLayout(server, 'us,de')
  const before = await keyboardDescription(server)
  const events = await watchInjectedEvents(server.display)
  t.teardown(() => events.close())
  const child = spawn(process.execPath, ['--import=tsx', CHILD], {
    env: { ...process.env, DISPLAY: server.display },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  await until(() => events.seen.includes('button 9 down'), { withinMs: 20_000 })
  child.kill('SIGKILL')
  await once(child, 'exit')
  process.env.DISPLAY = server.display
  return { server, before }
}

t.test('[K5] keys and buttons that a killed agent held are released, and its keys given back', async (t) => {
  const { server, before } = await afterACrash(t)
  t.same(await keysDown(server), [38, SHIFT], 'the server keeps them down')
  t.same(await buttonsDown(server), [1])
  t.not(await keyboardDescription(server), before)
  await releaseHeld()
  t.same(await keysDown(server), [])
  t.same(await buttonsDown(server), [])
  t.equal(await keyboardDescription(server), before)
})

t.test('[K5] what the customer holds stays down', async (t) => {
  const server = await startXServer({ width: 300, height: 200 })
  t.teardown(() => server.close())
  process.env.DISPLAY = server.display
  const input = await openPhysicalInput(server.display)
  t.teardown(() => input.close())
  await input.keyDown(0x61)
  await input.press(3)
  await releaseHeld()
  t.same(await keysDown(server), [38])
  t.same(await buttonsDown(server), [3])
  await input.keyUp(0x61)
  await input.release(3)
})

t.test('[K5] an injector that opens after a crash takes back what was left', async (t) => {
  const { server, before } = await afterACrash(t)
  const { injector } = await injectInto(t, server)
  t.equal(await keyboardDescription(server), before)
  await injector.close()
})

t.test('[K5] where there is nothing to release, or no desktop, nothing happens', async (t) => {
  const server = await startXServer({ width: 300, height: 200 })
  process.env.DISPLAY = server.display
  await releaseHeld()
  await server.close()
  await t.resolves(releaseHeld())
  delete process.env.DISPLAY
  await t.resolves(releaseHeld())
})
