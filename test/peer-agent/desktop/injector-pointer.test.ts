import t, { type Test } from 'tap'
import { type InjectedEvents, watchInjectedEvents } from '../../fixtures/injected-events.ts'
import { type InjectorStage, injectInto, injectorStage } from '../../fixtures/injector-stage.ts'
import { buttonsDown, pointerPlace } from '../../fixtures/keyboard-state.ts'
import { startXServer, until } from '../../fixtures/x-server.ts'

async function watchedStage(t: Test): Promise<InjectorStage & { events: InjectedEvents }> {
  const stage = await injectorStage(t)
  const events = await watchInjectedEvents(stage.server.display)
  t.teardown(() => events.close())
  return { ...stage, events }
}

t.test('[K1] the pointer goes where the expert points, on monitors that begin elsewhere too', async (t) => {
  const server = await startXServer({
    width: 800,
    height: 600,
    monitors: {
      left: { x: 100, y: 150, width: 300, height: 200 },
      right: { x: 400, y: 50, width: 300, height: 400 },
    },
  })
  t.teardown(() => server.close())
  const { injector } = await injectInto(t, server)
  const isAt = async (x: number, y: number) => {
    await until(async () => {
      const [atX, atY] = await pointerPlace(server)
      return atX === x && atY === y
    })
    t.pass(`${x}, ${y}`)
  }
  injector.move(0, 0)
  await isAt(100, 50)
  injector.move(350, 20)
  await isAt(450, 70)
  injector.button('left', true, 10, 120)
  injector.button('left', false, 11, 121)
  await isAt(111, 171)
  // The layout's origin moves with the monitors.
  await server.setMonitors({ only: { x: 20, y: 30, width: 300, height: 200 } })
  await until(async () => {
    injector.move(0, 0)
    const [x, y] = await pointerPlace(server)
    return x === 20 && y === 30
  })
})

t.test('[K1] every button goes down and up', async (t) => {
  const { injector, events } = await watchedStage(t)
  const numbers = { left: 1, middle: 2, right: 3, back: 8, forward: 9 }
  for (const [button, number] of Object.entries(numbers) as [keyof typeof numbers, number][]) {
    injector.button(button, true, 5, 5)
    await until(() => events.seen.includes(`button ${number} down`))
    t.equal(injector.isHolding, true, button)
    injector.button(button, false, 6, 6)
    await until(() => events.seen.includes(`button ${number} up`))
    t.equal(injector.isHolding, false)
  }
})

t.test('[K1] a drag keeps the button down', async (t) => {
  const { server, injector } = await watchedStage(t)
  injector.button('left', true, 10, 10)
  for (let n = 0; n < 50; n++) injector.move(10 + n, 10 + n)
  await until(async () => (await pointerPlace(server))[0] === 59)
  t.same(await buttonsDown(server), [1])
  injector.button('left', false, 60, 60)
  await until(async () => (await buttonsDown(server)).length === 0)
  t.same(await pointerPlace(server), [60, 60])
})

t.test('[K1] the wheel turns by whole notches, and what is less is kept', async (t) => {
  const { injector, events } = await watchedStage(t)
  const clicks = () => events.seen.filter((event) => event.startsWith('button') && event.endsWith('down'))
  for (const [dx, dy] of [
    [0, 120],
    [0, -240],
    [120, 0],
    [-120, 0],
    // Four quarters, as a touchpad sends them.
    [0, 30],
    [0, 30],
    [0, 30],
    [0, 30],
    [60, -180],
    [60, 60],
  ] as const)
    injector.wheel(dx, dy, 7, 7)
  injector.button('left', true, 8, 8)
  await until(() => events.seen.includes('button 1 down'))
  t.same(
    clicks().map((event) => Number(event.split(' ')[1])),
    [5, 4, 4, 7, 6, 5, 4, 7, 1],
  )
})

t.test('[K1] of moves that wait only the newest is kept, and nothing else is dropped', async (t) => {
  const { server, injector, events } = await watchedStage(t)
  injector.text('a')
  for (let n = 0; n < 500; n++) injector.move(n, n)
  injector.button('left', true, 1, 1)
  injector.button('left', false, 1, 1)
  for (let n = 0; n < 500; n++) injector.move(n + 1, n + 1)
  injector.text('b')
  injector.button('right', true, 2, 2)
  await until(() => events.seen.includes('button 3 down'))
  t.same(
    events.seen.filter((event) => event !== 'move'),
    ['key 38 down', 'key 38 up', 'button 1 down', 'button 1 up', 'key 56 down', 'key 56 up', 'button 3 down'],
  )
  t.ok(events.seen.filter((event) => event === 'move').length < 20)
  t.same(await pointerPlace(server), [2, 2])
})

t.test('losing the server is told once, and closing works afterwards', async (t) => {
  const { server, injector, told } = await watchedStage(t)
  injector.button('left', true, 5, 5)
  await until(() => injector.isHolding)
  await server.close()
  await until(() => told.length > 0)
  t.match(told, [/^failed: .*gone/])
  injector.move(1, 1)
  injector.text('x')
  injector.letGo()
  t.equal(injector.isHolding, false)
  await injector.close()
  t.equal(told.length, 1)
})

t.test('it tells in a sentence what the server lacks', async (t) => {
  const server = await startXServer({ width: 300, height: 200, withoutExtensions: ['XTEST'] })
  t.teardown(() => server.close())
  await t.rejects(injectInto(t, server), { message: /^Mouse and keyboard .* XTEST\.$/ })
})
