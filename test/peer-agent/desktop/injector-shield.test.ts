import t, { type Test } from 'tap'
import { type InjectedEvents, watchInjectedEvents } from '../../fixtures/injected-events.ts'
import { type InjectorStage, injectInto } from '../../fixtures/injector-stage.ts'
import { answer, buttonsDown, extensionOf, keyboardDescription } from '../../fixtures/keyboard-state.ts'
import { showTextField, type TextField } from '../../fixtures/tk-text.ts'
import { startXServer, until, type XServer, type XServerOptions } from '../../fixtures/x-server.ts'

const NONE = 0
const PARENT = 2

interface Shielded extends InjectorStage {
  readonly events: InjectedEvents
  /** Plays the customer's window: it stands at the top left, and its process takes no input from afar. */
  readonly own: TextField
}

async function shieldedStage(t: Test, options: XServerOptions = {}): Promise<Shielded> {
  const server = await startXServer({ width: 900, height: 600, ...options })
  t.teardown(() => server.close())
  const own = await showTextField(server)
  t.teardown(() => own.close())
  const events = await watchInjectedEvents(server.display)
  t.teardown(() => events.close())
  return { server, events, own, ...(await injectInto(t, server, own.pid)) }
}

/** A window of another program, one that does not tell its process. */
async function showWindow(server: XServer, x: number, y: number, takesClicks = true): Promise<number> {
  const { client, root } = server
  const window = client.AllocID()
  client.CreateWindow(window, root, x, y, 100, 100, 0, 0, 0, 0, { overrideRedirect: true })
  if (!takesClicks) {
    const shape = await extensionOf(server, 'shape')
    shape.Rectangles(shape.Op.Set, shape.Kind.Input, window, 0, 0, [])
  }
  client.MapWindow(window)
  await server.sync()
  return window
}

const pressed = (events: InjectedEvents) => events.seen.filter((event) => event !== 'move')

t.test('[C4] a press on the customer’s window is not injected, and is told', async (t) => {
  const { injector, events, told } = await shieldedStage(t)
  injector.button('left', true, 50, 50)
  injector.button('left', false, 50, 50)
  injector.wheel(0, 240, 50, 50)
  injector.button('left', true, 850, 550)
  await until(() => events.seen.includes('button 1 down'))
  t.same(pressed(events), ['button 1 down'])
  t.same(told, ['shielded', 'shielded'])
  injector.button('left', false, 850, 550)
  await until(() => events.seen.includes('button 1 up'))
})

t.test('[C4] what counts is the window on top that takes clicks', async (t) => {
  const { server, injector, events, told } = await shieldedStage(t)
  await showWindow(server, 0, 0)
  // Like the mark: it lies over the customer's window and lets clicks through.
  await showWindow(server, 200, 0, false)
  injector.button('left', true, 50, 50)
  injector.button('left', false, 50, 50)
  injector.button('right', true, 250, 50)
  injector.button('middle', true, 850, 550)
  await until(() => events.seen.includes('button 2 down'))
  t.same(pressed(events), ['button 1 down', 'button 1 up', 'button 2 down'])
  t.same(told, ['shielded'])
})

t.test('[C4] a window that opens or moves under the pointer counts at once', async (t) => {
  const { server, injector, events, told } = await shieldedStage(t)
  const cover = await showWindow(server, 0, 0)
  const press = async () => {
    injector.button('left', true, 50, 50)
    injector.button('left', false, 50, 50)
    injector.key('F9', true)
    injector.key('F9', false)
    const before = events.seen.length
    await until(() => events.seen.slice(before).includes('key 75 up'))
  }
  server.client.SetInputFocus(cover, PARENT)
  await server.sync()
  await press()
  t.equal(told.length, 0)
  server.client.ConfigureWindow(cover, { x: 300, y: 300 })
  await server.sync()
  await press()
  t.equal(told.length, 1, 'moved away')
  server.client.ConfigureWindow(cover, { x: 0, y: 0 })
  await server.sync()
  await press()
  t.equal(told.length, 1, 'back again')
})

t.test('[C4] a release always goes through', async (t) => {
  const { server, injector, events } = await shieldedStage(t)
  injector.button('left', true, 850, 550)
  injector.move(50, 50)
  injector.button('left', false, 50, 50)
  await until(() => events.seen.includes('button 1 up'))
  t.same(await buttonsDown(server), [])
})

t.test('[C4] the frame with title and close button belongs to it', async (t) => {
  const { server, own, injector, events, told } = await shieldedStage(t, { windowManager: true })
  // Down from the frame's corner: the title is above the program's own window.
  const { client, root } = server
  const place = await answer<{ destX: number; destY: number }>((done) =>
    client.TranslateCoordinates(own.window, root, 0, 0, done),
  )
  t.ok(place.destY > 5, 'there is a title')
  injector.button('left', true, place.destX + 100, place.destY - 4)
  injector.button('left', false, place.destX + 100, place.destY - 4)
  injector.button('right', true, 850, 550)
  await until(() => events.seen.includes('button 3 down'))
  t.same(pressed(events), ['button 3 down'])
  t.same(told, ['shielded'])
})

t.test('[C4] keys and text do not go to it while it has the keyboard', async (t) => {
  const { server, own, injector, events, told } = await shieldedStage(t)
  injector.text('no')
  injector.key('Enter', true)
  injector.key('Enter', false)
  // A modifier alone does nothing; it may be for a click elsewhere.
  injector.key('ControlLeft', true)
  injector.key('ControlLeft', false)
  await until(() => events.seen.includes('key 37 up'))
  t.same(pressed(events), ['key 37 down', 'key 37 up'])
  t.same(told, ['shielded', 'shielded'])
  t.equal(own.text(), '')

  const other = await showWindow(server, 700, 400)
  server.client.SetInputFocus(other, PARENT)
  await server.sync()
  injector.text('a')
  injector.key('Enter', true)
  injector.key('Enter', false)
  await until(() => events.seen.includes('key 36 up'))
  t.same(pressed(events).slice(2), ['key 38 down', 'key 38 up', 'key 36 down', 'key 36 up'])
  t.equal(told.length, 2)
})

t.test('[C4] what does not go to it changes no key either', async (t) => {
  const { server, injector, told } = await shieldedStage(t)
  const before = await keyboardDescription(server)
  injector.text('漢Ж')
  await until(() => told.length === 1)
  t.equal(await keyboardDescription(server), before)
})

t.test('[C4] nor where the keyboard follows the pointer', async (t) => {
  const { server, own, injector, events, told } = await shieldedStage(t)
  server.client.SetInputFocus(1, NONE)
  await server.sync()
  injector.move(50, 50)
  injector.text('x')
  injector.move(850, 550)
  injector.text('y')
  await until(() => events.seen.includes('key 29 up'))
  t.same(pressed(events), ['key 29 down', 'key 29 up'])
  t.same(told, ['shielded'])
  t.equal(own.text(), '')
})

t.test('[C4] a text stops where the customer’s window takes the keyboard', async (t) => {
  const { server, own, injector, events, told } = await shieldedStage(t)
  const other = await showWindow(server, 700, 400)
  server.client.SetInputFocus(other, PARENT)
  await server.sync()
  injector.text('ab'.repeat(500))
  await until(() => events.seen.length > 100)
  server.client.SetInputFocus(own.window, PARENT)
  await until(() => told.length > 0)
  await events.sync()
  t.ok(events.seen.length < 2000)
  injector.key('F9', true)
  await until(() => told.length > 1)
  t.ok(own.text().length <= 1, 'the character that was on its way')
})
