import t from 'tap'
import { watchInjectedEvents } from '../../fixtures/injected-events.ts'
import { injectInto, injectorStage, typingStage } from '../../fixtures/injector-stage.ts'
import {
  buttonsDown,
  CAPS_LOCK,
  keyboardDescription,
  keyboardState,
  keysDown,
  setLayout,
  setLocks,
} from '../../fixtures/keyboard-state.ts'
import { until } from '../../fixtures/x-server.ts'

const presses = (seen: readonly string[]) => seen.filter((event) => event.endsWith('down'))

t.test(
  '[K2] letting go in the middle of a text leaves nothing held, and the rest is never typed',
  async (t) => {
    const { server, injector, field } = await typingStage(t, 'de')
    const events = await watchInjectedEvents(server.display)
    t.teardown(() => events.close())
    // Capitals and € need Shift and AltGr, so a text that is cut anywhere would leave them down.
    const text = 'AbÄ€{x'.repeat(400)
    await setLocks(server, CAPS_LOCK, true)
    injector.text(text)
    const letGoAt = await new Promise<number>((resolve) => {
      events.onEvent(() => {
        if (events.seen.length !== 1000) return
        injector.letGo()
        injector.move(1, 1)
        resolve(presses(events.seen).length)
      })
    })
    t.equal(injector.isHolding, false)
    // What was asked for afterwards comes after everything that can still come.
    await until(() => events.seen.includes('move'))
    const cut = events.seen.indexOf('move')
    t.ok(
      presses(events.seen.slice(0, cut)).length - letGoAt <= 4,
      'at most the character that was on its way',
    )
    t.equal(events.seen.length, cut + 1, 'nothing comes later')
    t.same(await keysDown(server), [])
    t.equal((await keyboardState(server)).lockedMods, CAPS_LOCK)
    injector.text('end')
    await until(() => field.text().endsWith('end'))
    t.ok(text.startsWith(field.text().slice(0, -3)), 'it was typed up to a place and no further')
  },
)

t.test('[K2] letting go releases keys and buttons, and throws away all that waits', async (t) => {
  const { server, injector } = await injectorStage(t)
  const events = await watchInjectedEvents(server.display)
  t.teardown(() => events.close())
  injector.key('ShiftLeft', true)
  injector.key('KeyA', true, 'a')
  injector.button('left', true, 5, 5)
  injector.button('back', true, 5, 5)
  await until(() => events.seen.includes('button 8 down'))
  t.equal(injector.isHolding, true)
  t.ok((await keysDown(server)).length === 2)
  // Waits behind the text.
  injector.text('漢'.repeat(100))
  injector.button('right', true, 9, 9)
  injector.key('ControlLeft', true)
  injector.wheel(0, 1200, 5, 5)
  injector.letGo()
  t.equal(injector.isHolding, false)
  injector.key('F9', true)
  injector.key('F9', false)
  await until(() => events.seen.includes('key 75 up'))
  t.same(await keysDown(server), [])
  t.same(await buttonsDown(server), [])
  for (const event of ['button 3 down', 'key 37 down', 'button 5 down']) t.notOk(events.seen.includes(event))
  for (const event of ['key 50 up', 'key 38 up', 'button 1 up', 'button 8 up'])
    t.ok(events.seen.includes(event), event)
})

t.test('[K2] a key that the expert still holds can be released and pressed anew', async (t) => {
  const { server, injector } = await injectorStage(t)
  injector.key('ControlLeft', true)
  await until(async () => (await keysDown(server)).length === 1)
  injector.letGo()
  await until(async () => (await keysDown(server)).length === 0)
  injector.key('ControlLeft', false)
  injector.key('ControlLeft', true)
  await until(async () => (await keysDown(server)).length === 1)
  t.equal(injector.isHolding, true)
})

t.test('[K2] letting go while a program is asked whether it keeps up stops the text as well', async (t) => {
  const { server, injector, field } = await typingStage(t, 'us')
  const events = await watchInjectedEvents(server.display)
  t.teardown(() => events.close())
  await field.beBusy(300)
  injector.text('漢字')
  injector.letGo()
  injector.text('after')
  t.equal(await field.holds('after'), 'after')
  t.equal(presses(events.seen).length, 'after'.length)
})

t.test('[K5] closing leaves nothing held and no key changed, whatever was under way', async (t) => {
  const { server } = await injectorStage(t)
  await setLayout(server, 'us,de')
  const before = await keyboardDescription(server)
  for (const text of ['漢Жä', 'plain']) {
    const { injector } = await injectInto(t, server)
    injector.key('AltLeft', true)
    injector.button('middle', true, 5, 5)
    injector.text(text.repeat(50))
    await until(() => injector.isHolding)
    await injector.close()
    t.same(await keysDown(server), [])
    t.same(await buttonsDown(server), [])
    t.equal(await keyboardDescription(server), before)
    injector.text('late')
    injector.button('left', true, 1, 1)
    t.equal(injector.isHolding, false, 'nothing can be injected any more')
    await injector.close()
  }
})
