import t from 'tap'
import { played } from './played-keys.ts'

// Events as Chromium on X11 sent them, unless a test says otherwise.

t.test('[K5] a character is left to the browser and comes back as text', (t) => {
  const { deeds, taken } = played(['down KeyA a', 'text a', 'up KeyA a'])
  t.same(deeds, ['text a'])
  t.same(taken, [])
  t.end()
})

t.test('[K5] Shift makes capitals here and is no key there', (t) => {
  const lines = [
    'down ShiftLeft Shift [S]',
    'down KeyA A [S]',
    'text A',
    'up KeyA A [S]',
    'up ShiftLeft Shift',
  ]
  t.same(played(lines).deeds, ['text A'])
  t.end()
})

t.test('[K5] AltGr is no modifier, whatever a system makes of it', (t) => {
  const onX11 = [
    'down AltRight AltGraph',
    'down KeyQ @ [G]',
    'text @',
    'up KeyQ @ [G]',
    'up AltRight AltGraph [G]',
  ]
  t.same(played(onX11), { ...played(onX11), deeds: ['text @'], taken: [] })
  const onWindows = [
    'down ControlLeft Control [C]',
    'down AltRight AltGraph [G]',
    'down KeyQ @ [G]',
    'text @',
    'up KeyQ @ [G]',
    'up ControlLeft Control',
    'up AltRight AltGraph',
  ]
  t.same(played(onWindows).deeds, ['text @'])
  t.equal(played(onWindows).keyboard.modifiers.size, 0)
  const withShift = ['down AltRight AltGraph', 'down ShiftLeft Shift [SG]', 'down KeyS ẞ [SG]', 'text ẞ']
  t.same(played(withShift).deeds, ['text ẞ'])
  // On a Mac, Option is seen as AltGr, and its own key is Alt.
  const onMac = ['down AltLeft Alt [AG]', 'down KeyL @ [AG]', 'text @', 'up KeyL @ [AG]', 'up AltLeft Alt']
  t.same(played(onMac).deeds, ['text @'])
  t.end()
})

t.test('[K5] dead keys and compositions give what they end in, and no key', (t) => {
  const acute = ['down Equal Process', 'up Equal Dead [c]', 'down KeyA Process [c]', 'text á', 'up KeyA a']
  t.same(played(acute), { ...played(acute), deeds: ['text á'], taken: [] })
  // The Shift that makes the capital is pressed within the composition, and only its release is told.
  const capital = [
    'down Backquote Process',
    'up Backquote Dead [c]',
    'down KeyE Process [Sc]',
    'text Ê',
    'up KeyE E [S]',
    'up ShiftLeft Shift',
  ]
  t.same(played(capital).deeds, ['text Ê'])
  const onWindows = ['down BracketLeft Dead', 'up BracketLeft Dead', 'down KeyX x', 'text ´x', 'up KeyX x']
  t.same(played(onWindows).deeds, ['text ´x'])
  // Keys that only steer an input method.
  t.same(played(['down KeyN n [c]', 'down Enter Enter [c]', 'down Escape Escape [c]', 'text 日本']).deeds, [
    'text 日本',
  ])
  t.end()
})

t.test('[K5] text finds no modifier down at the customer', (t) => {
  const lines = [
    'down ShiftLeft Shift [S]',
    'use [S]',
    'down KeyA A [S]',
    'text A',
    'down Tab Tab [S]',
    'up Tab Tab [S]',
    'up ShiftLeft Shift',
  ]
  t.same(played(lines).deeds, [
    'ShiftLeft down',
    'ShiftLeft up',
    'text A',
    'ShiftLeft down',
    'Tab down',
    'Tab up',
    'ShiftLeft up',
  ])
  t.end()
})

t.test('lock keys stay here; the number pad is what it says', (t) => {
  t.same(played(['down CapsLock CapsLock', 'up CapsLock CapsLock', 'down KeyA A', 'text A']).deeds, [
    'text A',
  ])
  t.same(played(['down NumLock NumLock', 'up NumLock NumLock', 'down Numpad1 1', 'text 1']).deeds, ['text 1'])
  t.same(played(['down Numpad1 End', 'up Numpad1 End']).deeds, ['End down', 'End up'])
  t.same(played(['down NumpadEnter Enter', 'up NumpadEnter Enter']).deeds, [
    'NumpadEnter down',
    'NumpadEnter up',
  ])
  t.same(played(['down Numpad5 Clear', 'up Numpad5 Clear']).deeds, [])
  t.end()
})

t.test('lines of a text are Enter, however a system ends them', (t) => {
  t.same(played(['text a\r\nb\rc\nd']).deeds, ['text a\nb\nc\nd'])
  t.same(played(['text ']).deeds, [], 'no text is nothing')
  t.end()
})
