import t, { type Test } from 'tap'
import { Gate } from '../../../peer-agent/control/gate.ts'
import { createFakeInjector } from '../../../peer-agent/desktop/fake/injector.ts'
import type { RemoteInput } from '../../../protocol/messages/input.ts'
import { TurnedClock } from '../../fixtures/turned-clock.ts'

async function stage(t: Test) {
  const clock = new TurnedClock()
  const { open: openInjector, opened } = createFakeInjector()
  const told: string[] = []
  const state = { isOpen: true }
  const gate = await Gate.start(
    { openInjector, clock, isOpen: () => state.isOpen },
    {
      shielded: () => told.push('shielded'),
      failed: () => told.push('failed'),
      flooded: () => told.push('flooded'),
    },
  )
  t.teardown(() => gate.close())
  const { injected, events } = opened[0]!
  return { clock, gate, injected, events, told, state }
}

const at = (n: number, x: number): RemoteInput => ({ t: 'at', n, x, y: 0 })
const button = (n: number, isDown: boolean): RemoteInput => ({
  t: 'button',
  n,
  button: 'left',
  isDown,
  x: 5,
  y: 5,
})
const key = (isDown: boolean): RemoteInput => ({ t: 'key', code: 'ShiftLeft', isDown })

t.test('[K1] what comes while the gate is shut is forgotten, and not made up for afterwards', async (t) => {
  const { gate, injected, state } = await stage(t)
  t.equal(gate.take(at(0, 1)), true)
  state.isOpen = false
  for (const input of [at(1, 2), button(2, true), key(true), { t: 'text', text: 'rm' } as const])
    t.equal(gate.take(input), false)
  state.isOpen = true
  t.equal(gate.take(at(9, 3)), true)
  t.same(injected, ['move 1,0', 'move 3,0'])
})

t.test(
  '[K2] the gate shuts in the middle of a drag: what is held is let go of, and a late release is nothing',
  async (t) => {
    const { gate, injected, state } = await stage(t)
    gate.take(button(0, true))
    gate.take(key(true))
    state.isOpen = false
    gate.shut()
    t.same(injected, ['left down', 'ShiftLeft down', 'left up', 'ShiftLeft up'])
    state.isOpen = true
    t.equal(gate.take(button(1, false)), false, 'the button went up already')
    t.equal(injected.length, 4)
  },
)

t.test('[K2] even if nobody shut the gate, the first input after it closed lets go', async (t) => {
  const { gate, injected, state } = await stage(t)
  gate.take(key(true))
  state.isOpen = false
  gate.take(at(0, 1))
  t.same(injected, ['ShiftLeft down', 'ShiftLeft up'])
})

t.test('[K5] a page that fell silent holds nothing for long; one that says so holds on', async (t) => {
  const { clock, gate, injected } = await stage(t)
  gate.take(key(true))
  for (let second = 0; second < 5; second++) {
    for (let beat = 0; beat < 5; beat++) {
      clock.turn(200)
      gate.take({ t: 'holding' })
    }
  }
  t.same(injected, ['ShiftLeft down'])
  clock.turn(999)
  t.equal(injected.length, 1)
  clock.turn(1)
  t.same(injected, ['ShiftLeft down', 'ShiftLeft up'])
})

t.test('[K5] the page lost the keyboard: it lets go', async (t) => {
  const { gate, injected } = await stage(t)
  gate.take(key(true))
  gate.take({ t: 'let-go' })
  t.same(injected, ['ShiftLeft down', 'ShiftLeft up'])
})

t.test('a move that was overtaken is dropped; buttons never are', async (t) => {
  const { gate, injected } = await stage(t)
  gate.take(at(4, 40))
  gate.take(button(6, true))
  t.equal(gate.take(at(5, 50)), false, 'older than the press')
  gate.take(button(3, false))
  t.equal(gate.take(at(6, 60)), false, 'as old as the press')
  gate.take(at(7, 70))
  t.same(injected, ['move 40,0', 'left down', 'left up', 'move 70,0'])
  gate.linked()
  t.equal(gate.take(at(0, 1)), true, 'a new link counts anew')
})

t.test('[S2] more than hands can do is told, and does not reach the system', async (t) => {
  const { clock, gate, injected, told } = await stage(t)
  for (let n = 0; n < 1_000; n++) gate.take(at(n, n))
  clock.turn(1_000)
  for (let n = 1_000; n < 3_000; n++) gate.take(at(n, n))
  t.same(told, [])
  t.equal(injected.length, 3_000)
  gate.take(at(3_000, 0))
  t.same(told, ['flooded'])
  t.equal(injected.length, 3_000)
  clock.turn(1_000)
  for (let n = 0; n < 100; n++) gate.take({ t: 'text', text: 'x'.repeat(256) })
  t.ok(told.length > 1, 'long texts weigh more')
})

t.test('after it is closed nothing reaches the system', async (t) => {
  const { gate, injected } = await stage(t)
  gate.take(key(true))
  await gate.close()
  t.equal(gate.take(at(1, 1)), false)
  t.same(injected, ['ShiftLeft down', 'ShiftLeft up', 'closed'])
})

t.test('what the injector tells is told on', async (t) => {
  const { events, told } = await stage(t)
  events.shielded()
  events.failed('the X server is gone')
  t.same(told, ['shielded', 'failed'])
})
