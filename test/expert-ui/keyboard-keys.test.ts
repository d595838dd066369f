import t from 'tap'
import { played } from './played-keys.ts'

t.test('[K5] a shortcut goes as keys, with what is on them', (t) => {
  const { deeds, taken } = played([
    'down ControlLeft Control [C]',
    'down KeyC c [C]',
    'up KeyC c [C]',
    'up ControlLeft Control',
  ])
  t.same(deeds, ['ControlLeft down', 'KeyC down c', 'KeyC up', 'ControlLeft up'])
  t.ok(taken.includes('down KeyC c [C]'), 'the browser does not copy')
  // A German keyboard: Z where others have Y.
  const undone = ['down ControlLeft Control [C]', 'down ShiftLeft Shift [SC]', 'down KeyY Z [SC]']
  t.same(played(undone).deeds, ['ControlLeft down', 'ShiftLeft down', 'KeyY down z'])
  // Chromium on X11 sets the flag of Meta one event late.
  const run = ['down MetaLeft Meta', 'down KeyR r [M]', 'up KeyR r [M]', 'up MetaLeft Meta [M]']
  t.same(played(run).deeds, ['MetaLeft down', 'KeyR down r', 'KeyR up', 'MetaLeft up'])
  t.end()
})

t.test('[K5] keys without characters are keys, again where they repeat', (t) => {
  const lines = [
    'down ArrowLeft ArrowLeft',
    'down ArrowLeft ArrowLeft [r]',
    'down ArrowLeft ArrowLeft [r]',
    'up ArrowLeft ArrowLeft',
  ]
  const { deeds, taken } = played(lines)
  t.same(deeds, ['ArrowLeft down', 'ArrowLeft down', 'ArrowLeft down', 'ArrowLeft up'])
  t.equal(taken.length, 4)
  t.same(
    played(['down Tab Tab', 'down F5 F5', 'down Escape Escape']).taken.length,
    3,
    'the page does not act on them',
  )
  t.end()
})

t.test('modifiers alone are nothing, but for what opens menus', (t) => {
  const tap = (code: string, key: string, flag: string) =>
    played([`down ${code} ${key} [${flag}]`, `up ${code} ${key}`])
  t.same(tap('ShiftLeft', 'Shift', 'S').deeds, [])
  t.same(tap('ControlRight', 'Control', 'C').deeds, [])
  t.same(tap('AltLeft', 'Alt', 'A').deeds, ['AltLeft down', 'AltLeft up'])
  t.same(tap('MetaLeft', 'Meta', 'M').deeds, ['MetaLeft down', 'MetaLeft up'])
  t.equal(tap('AltLeft', 'Alt', 'A').taken.length, 2, "nor does the browser's own menu open")
  // Two modifiers switch layouts on many desks, and X11 then calls Alt "Meta".
  const switched = [
    'down ShiftLeft Shift [S]',
    'down AltLeft Meta [SA]',
    'up AltLeft Meta [S]',
    'up ShiftLeft Shift',
  ]
  t.same(played(switched).deeds, [])
  t.same(played(['down AltLeft Alt [A]', 'use [A]', 'up AltLeft Alt']).deeds, ['AltLeft down', 'AltLeft up'])
  t.end()
})

t.test('keys that the expert has exchanged do what they mean', (t) => {
  t.same(played(['down CapsLock Escape', 'up CapsLock Escape']).deeds, ['Escape down', 'Escape up'])
  const asControl = ['down CapsLock Control [C]', 'down KeyV v [C]', 'up KeyV v [C]', 'up CapsLock Control']
  t.same(played(asControl).deeds, ['ControlLeft down', 'KeyV down v', 'KeyV up', 'ControlLeft up'])
  const swapped = ['down AltLeft Meta', 'down KeyE e [M]', 'up KeyE e [M]', 'up AltLeft Meta [M]']
  t.same(played(swapped).deeds[0], 'MetaLeft down')
  t.end()
})

t.test('[K5] what was released out of sight does not stay down', (t) => {
  const missed = ['down AltLeft Alt [A]', 'down F4 F4 [A]', 'up F4 F4 [A]', 'down KeyA a', 'text a']
  t.same(played(missed).deeds, ['AltLeft down', 'F4 down', 'F4 up', 'AltLeft up', 'text a'])
  // A Mac tells of no release while Command is held.
  const onMac = ['down MetaLeft Meta [M]', 'down KeyC c [M]', 'up MetaLeft Meta']
  t.same(played(onMac).deeds, ['MetaLeft down', 'KeyC down c', 'KeyC up', 'MetaLeft up'])
  // Pressed before the page had the keyboard.
  t.same(played(['down KeyC c [C]', 'up KeyC c [C]', 'up ControlLeft Control']).deeds, [
    'ControlLeft down',
    'KeyC down c',
    'KeyC up',
    'ControlLeft up',
  ])
  t.same(played(['up KeyX x', 'up ControlLeft Control']).deeds, [], 'a release alone is nothing')
  t.end()
})

t.test('a key is either part of a shortcut or text until it is pressed anew', (t) => {
  const lines = [
    'down ControlLeft Control [C]',
    'down KeyV v [C]',
    'up ControlLeft Control',
    'down KeyV v [r]',
  ]
  const { deeds, taken } = played(lines)
  t.same(deeds, ['ControlLeft down', 'KeyV down v', 'ControlLeft up'])
  t.ok(taken.includes('down KeyV v [r]'), 'its repeat writes nothing')
  const other = ['down KeyV v', 'text v', 'down ControlLeft Control [C]', 'down KeyV v [Cr]', 'up KeyV v [C]']
  t.same(played(other).deeds, ['text v'])
  t.end()
})

t.test('some keys tell of one half alone', (t) => {
  t.same(played(['up PrintScreen PrintScreen']).deeds, ['PrintScreen down', 'PrintScreen up'], 'on Windows')
  t.same(played(['down PrintScreen PrintScreen', 'up PrintScreen PrintScreen']).deeds.length, 2)
  t.same(played(['down Pause Cancel [C]']).deeds, ['ControlLeft down', 'Pause down'])
  t.same(played(['down  Unidentified', 'down  AudioVolumeUp', 'down BrowserBack BrowserBack']).deeds, [])
  t.end()
})

t.test('Control, Alt and Shift together, with nothing else, are the way out', (t) => {
  const three = ['down ControlLeft Control [C]', 'down AltLeft Alt [CA]', 'down ShiftLeft Shift [CAS]']
  const out = played([...three, 'up ShiftLeft Shift [CA]'])
  t.equal(out.leaves, 1)
  t.same(out.deeds, [], 'and nothing of it reaches the customer')
  t.equal(out.keyboard.modifiers.size, 0)
  const shortcut = played([...three, 'down KeyS S [CAS]', 'up KeyS S [CAS]', 'up ShiftLeft Shift [CA]'])
  t.equal(shortcut.leaves, 0)
  t.same(shortcut.deeds.slice(0, 4), ['ControlLeft down', 'AltLeft down', 'ShiftLeft down', 'KeyS down s'])
  t.equal(played([...three.slice(0, 2), 'up AltLeft Alt [C]']).leaves, 0)
  t.end()
})
