import t from 'tap'
import { watchInjectedEvents } from '../../fixtures/injected-events.ts'
import { typingStage } from '../../fixtures/injector-stage.ts'
import {
  CAPS_LOCK,
  keyboardState,
  keysDown,
  NUM_LOCK,
  setGroup,
  setLayout,
  setLocks,
} from '../../fixtures/keyboard-state.ts'
import { openPhysicalInput } from '../../fixtures/physical-input.ts'
import { until } from '../../fixtures/x-server.ts'

const { server, injector, field } = await typingStage(t, 'us')

/** A customer who has just switched to this layout, with an empty field. */
async function begin(layout: string): Promise<void> {
  await setLayout(server, layout)
  await field.clear()
}

const TEXT = 'aZ äÖß é€@{}[]\\|~^´ 0123 Жя Ωω 漢 😀'

t.test('[K5] Caps Lock changes no letter, and is still on afterwards', async (t) => {
  for (const layout of ['de', 'fr', 'tr']) {
    await begin(layout)
    await setLocks(server, CAPS_LOCK, true)
    injector.text(TEXT)
    t.equal(await field.holds(TEXT), TEXT, layout)
    t.equal((await keyboardState(server)).lockedMods, CAPS_LOCK)
    await setLocks(server, CAPS_LOCK, false)
  }
})

t.test('[K5] nor does Num Lock, alone or with Caps Lock', async (t) => {
  await begin('de')
  for (const locks of [NUM_LOCK, NUM_LOCK | CAPS_LOCK]) {
    await setLocks(server, locks, true)
    await field.clear()
    injector.text(TEXT)
    t.equal(await field.holds(TEXT), TEXT)
    t.equal((await keyboardState(server)).lockedMods, locks)
    await setLocks(server, locks, false)
  }
})

t.test('[K5] the customer’s own Caps Lock still works between two texts', async (t) => {
  await begin('de')
  const input = await openPhysicalInput(server.display)
  t.teardown(() => input.close())
  await input.key(0xffe5)
  injector.text('one ')
  t.equal(await field.holds('one '), 'one ')
  await input.type('two ')
  t.equal(await field.holds('one TWO '), 'one TWO ')
  await input.key(0xffe5)
  injector.text('Three')
  t.equal(await field.holds('one TWO Three'), 'one TWO Three')
})

t.test(
  '[K5] modifiers that are down through us change no character, and are down again afterwards',
  async (t) => {
    await begin('de')
    for (const [code, keycode] of [
      ['ShiftLeft', 50],
      ['AltRight', 108],
      ['ControlLeft', 37],
    ] as const) {
      await field.clear()
      injector.key(code, true)
      injector.text(TEXT)
      t.equal(await field.holds(TEXT), TEXT, code)
      await until(async () => (await keysDown(server)).length === 1)
      t.same(await keysDown(server), [keycode])
      t.equal(injector.isHolding, true)
      injector.key(code, false)
      await until(async () => (await keysDown(server)).length === 0)
      t.equal(injector.isHolding, false)
    }
  },
)

t.test('[K5] a letter that is down already can be typed', async (t) => {
  await begin('us')
  injector.key('KeyA', true, 'a')
  injector.text('aa')
  t.equal(await field.holds('aaa'), 'aaa')
  injector.key('KeyA', false, 'a')
  injector.text('b')
  t.equal(await field.holds('aaab'), 'aaab')
  t.same(await keysDown(server), [])
})

t.test('[K5] the layout that is switched in the middle of a session counts from then on', async (t) => {
  await begin('de')
  let all = ''
  for (const layout of ['us', 'fr', 'de', 'ru', 'tr', 'us']) {
    await setLayout(server, layout)
    injector.text(TEXT)
    all += TEXT
    t.equal(await field.holds(all), all, `to ${layout}`)
  }
})

t.test('[K5] of a keyboard with several layouts the one in use counts', async (t) => {
  await begin('us')
  let all = ''
  for (const layouts of ['us,de', 'de,us', 'de,ru', 'us,fr,gr']) {
    await setLayout(server, layouts)
    for (const group of layouts.split(',').keys()) {
      await setGroup(server, group)
      injector.text(TEXT)
      all += TEXT
      t.equal(await field.holds(all), all, `${layouts}, number ${group + 1}`)
      t.equal((await keyboardState(server)).group, group, 'it is still in use')
    }
  }
})

t.test('[K5] AltGr is the key that the customer has, since virtual machines know no other', async (t) => {
  await begin('de')
  const events = await watchInjectedEvents(server.display)
  t.teardown(() => events.close())
  injector.text('@')
  t.equal(await field.holds('@'), '@')
  await until(() => events.seen.length === 4)
  t.same(events.seen, ['key 108 down', 'key 24 down', 'key 24 up', 'key 108 up'])
})

t.test('[K5] Enter and Tab are keys, other control characters are passed over', async (t) => {
  await begin('de')
  injector.text('a\tb\r\nc\u0007\u001b\u0008\u007f\u0085d\ud800')
  t.equal(await field.holds('a\tb\ncd'), 'a\tb\ncd')
  t.ok(field.keys.some((key) => key.startsWith('down Return')))
  t.ok(field.keys.some((key) => key.startsWith('down Tab')))
})
