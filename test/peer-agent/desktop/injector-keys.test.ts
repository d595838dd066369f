import t from 'tap'
import { KEY_CODES, type KeyCode } from '../../../protocol/key-codes.ts'
import { watchInjectedEvents } from '../../fixtures/injected-events.ts'
import { typingStage } from '../../fixtures/injector-stage.ts'
import { keysDown, setGroup, setLayout } from '../../fixtures/keyboard-state.ts'
import { until } from '../../fixtures/x-server.ts'

const CONTROL = 4
const { server, injector, field } = await typingStage(t, 'us')
const events = await watchInjectedEvents(server.display)
t.teardown(() => events.close())

async function begin(layout: string): Promise<void> {
  await setLayout(server, layout)
  await field.clear()
  events.seen.length = 0
}

/** Presses and releases keys at the same time, as the expert's page sends it. */
function shortcut(...keys: (KeyCode | [KeyCode, string])[]): void {
  const all = keys.map((key) => (typeof key === 'string' ? ([key, undefined] as const) : key))
  for (const [code, character] of all) injector.key(code, true, character)
  for (const [code, character] of all.reverse()) injector.key(code, false, character)
}

t.test('[K5] of a shortcut the letter counts, not where the expert has it', async (t) => {
  // What the expert's keyboard calls these places: Z on the German one, A on the French one, M on it.
  const typed: [KeyCode, string][] = [
    ['KeyY', 'z'],
    ['KeyQ', 'a'],
    ['Semicolon', 'm'],
    ['KeyC', 'c'],
  ]
  for (const layout of ['us', 'de', 'fr']) {
    for (const [code, letter] of typed) {
      await begin(layout)
      shortcut('ControlLeft', [code, letter])
      await until(() => field.keys.includes(`up ${letter}`))
      t.ok(field.keys.includes(`down ${letter} ${CONTROL}`), `Ctrl+${letter} on ${layout}`)
    }
  }
})

t.test('[K5] of a sign too, on the number block where it has no key of its own', async (t) => {
  await begin('us')
  shortcut('ControlLeft', ['BracketRight', '+'])
  await until(() => field.keys.includes('up KP_Add'))
  t.ok(field.keys.includes(`down KP_Add ${CONTROL}`))
})

t.test('[K5] who writes in another alphabet has the shortcuts of their other layout', async (t) => {
  await begin('us,ru')
  await setGroup(server, 1)
  // Of a French keyboard: A is where Q is on theirs.
  shortcut('ControlLeft', ['KeyQ', 'a'])
  await until(() => events.seen.length === 4)
  t.same(events.seen, ['key 37 down', 'key 38 down', 'key 38 up', 'key 37 up'])
})

t.test('[K5] a letter that no key has is taken by its place', async (t) => {
  await begin('de')
  shortcut('ControlLeft', ['KeyC', 'с'])
  await until(() => field.keys.includes('up c'))
  t.ok(field.keys.includes(`down c ${CONTROL}`))
})

t.test('[K5] arrows, function keys and the like are keys by their place', async (t) => {
  await begin('de')
  const expected: [KeyCode, string][] = [
    ['ArrowLeft', 'Left'],
    ['ArrowDown', 'Down'],
    ['Home', 'Home'],
    ['PageUp', 'Prior'],
    ['F1', 'F1'],
    ['F12', 'F12'],
    ['Delete', 'Delete'],
    ['Backspace', 'BackSpace'],
    ['Escape', 'Escape'],
    ['Enter', 'Return'],
    ['NumpadEnter', 'KP_Enter'],
    ['MetaLeft', 'Super_L'],
    ['ContextMenu', 'Menu'],
    ['AltRight', 'ISO_Level3_Shift'],
  ]
  for (const [code, name] of expected) {
    shortcut(code)
    await until(() => field.keys.some((key) => key.startsWith(`down ${name} `)), { what: name })
    t.pass(`${code} is ${name}`)
  }
})

t.test('[K5] Ctrl+Alt+Delete is injected like any other keys', async (t) => {
  await begin('de')
  t.equal(injector.takesCtrlAltDel, true)
  shortcut('ControlLeft', 'AltLeft', 'Delete')
  await until(() => events.seen.length === 6)
  t.same(events.seen.slice(0, 3), ['key 37 down', 'key 64 down', 'key 119 down'])
})

t.test('[K5] up goes to the key that went down, also when the layout changed between', async (t) => {
  await begin('us')
  injector.key('KeyZ', true, 'z')
  await until(() => events.seen.includes('key 52 down'))
  await setLayout(server, 'de')
  injector.key('KeyZ', false, 'z')
  await until(() => events.seen.includes('key 52 up'))
  t.same(await keysDown(server), [])
})

t.test('[K5] a key that the expert’s keyboard repeats goes down once', async (t) => {
  await begin('us')
  for (let n = 0; n < 3; n++) injector.key('ShiftLeft', true)
  injector.key('ShiftLeft', false)
  injector.key('ShiftLeft', false)
  shortcut('KeyA')
  await until(() => events.seen.includes('key 38 up'))
  t.same(events.seen, ['key 50 down', 'key 50 up', 'key 38 down', 'key 38 up'])
})

t.test('[K5] every key that the protocol knows goes down and up', async (t) => {
  await begin('us')
  for (const code of KEY_CODES) shortcut(code)
  await until(() => events.seen.length >= 2 * KEY_CODES.length)
  t.equal(new Set(events.seen).size, 2 * KEY_CODES.length, 'each is another key')
  t.same(await keysDown(server), [])
})
