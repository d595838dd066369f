import t from 'tap'
import { KEYCODES, type PhysicalKeyboard } from '../fixtures/physical-keyboard.ts'
import { openTypist } from '../fixtures/typed-in-chromium.ts'
import { until } from '../fixtures/x-server.ts'

const typist = await openTypist()
t.teardown(() => typist.close())
const { page, play, x } = typist

/** Presses the keys one after another and releases them the other way round. */
const chord =
  (...names: (keyof typeof KEYCODES)[]) =>
  (keyboard: PhysicalKeyboard) => {
    for (const name of names) keyboard.down(KEYCODES[name])
    for (const name of names.toReversed()) keyboard.up(KEYCODES[name])
  }

for (const layout of ['de', 'at', 'ch', 'fr', 'es', 'pl', 'tr', 'us']) {
  t.test(
    `[K5] every character of a keyboard "${layout}", with its dead keys, arrives as it is`,
    async (t) => {
      const { expected, calls, deeds } = await typist.typeEveryCharacter(layout)
      t.ok(expected.length > 95, `${[...expected].length} characters`)
      t.same(
        calls.filter((call) => !call.startsWith('text ')),
        [],
        'as text, and nothing else is pressed',
      )
      t.equal(deeds.map((deed) => (deed.t === 'text' ? deed.text : '')).join(''), expected)
    },
  )
}

t.test('[K5] shortcuts arrive as keys, with the letter of the expert’s own keyboard', async (t) => {
  await typist.keyboard.wear('de')
  t.same(await play(chord('ControlLeft', 'KeyC')), [
    'ControlLeft down',
    'KeyC down c',
    'KeyC up',
    'ControlLeft up',
  ])
  t.same(await play(chord('ControlLeft', 'ShiftLeft', 'KeyY')), [
    'ControlLeft down',
    'ShiftLeft down',
    'KeyY down z',
    'KeyY up',
    'ShiftLeft up',
    'ControlLeft up',
  ])
  t.same(await play(chord('MetaLeft', 'KeyR')), ['MetaLeft down', 'KeyR down r', 'KeyR up', 'MetaLeft up'])
  t.same(await play(chord('ShiftLeft', 'Tab')), ['ShiftLeft down', 'Tab down', 'Tab up', 'ShiftLeft up'])
  t.same(await play(chord('AltLeft', 'Enter')), ['AltLeft down', 'Enter down', 'Enter up', 'AltLeft up'])
  await typist.keyboard.wear('tr')
  t.same((await play(chord('ControlLeft', 'KeyI')))[1], 'KeyI down ı')
  await typist.keyboard.wear('us')
  t.same(await play(chord('AltRight', 'KeyA')), ['AltRight down', 'KeyA down a', 'KeyA up', 'AltRight up'])
})

t.test('[K5] modifiers and lock keys alone', async (t) => {
  await typist.keyboard.wear('de')
  t.same(await play(chord('AltLeft')), ['AltLeft down', 'AltLeft up'])
  t.same(await play(chord('MetaLeft')), ['MetaLeft down', 'MetaLeft up'])
  for (const keys of [['ShiftLeft'], ['ControlLeft'], ['AltRight'], ['ShiftLeft', 'AltLeft']] as const)
    t.same(await play(chord(...keys)), [], keys.join(' '))
  const locked = await play((keyboard) => {
    chord('CapsLock')(keyboard)
    chord('KeyA')(keyboard)
    chord('CapsLock')(keyboard)
    chord('Numpad1')(keyboard)
    chord('NumLock')(keyboard)
    chord('Numpad1')(keyboard)
    chord('NumpadEnter')(keyboard)
    chord('NumLock')(keyboard)
  })
  t.same(locked, ['text A', 'End down', 'End up', 'text 1', 'NumpadEnter down', 'NumpadEnter up'])
})

t.test('[K5] a dead key in the middle of keys and shortcuts', async (t) => {
  await typist.keyboard.wear('de')
  const calls = await play((keyboard) => {
    chord('Backquote')(keyboard)
    chord('ShiftLeft', 'KeyE')(keyboard)
    chord('ControlLeft', 'KeyC')(keyboard)
    chord('Backquote')(keyboard)
    chord('Space')(keyboard)
    chord('ArrowLeft')(keyboard)
    chord('KeyN')(keyboard)
  })
  t.same(calls, [
    'text Ê',
    'ControlLeft down',
    'KeyC down c',
    'KeyC up',
    'ControlLeft up',
    'text ^',
    'ArrowLeft down',
    'ArrowLeft up',
    'text n',
  ])
})

t.test('[K5] in full screen the keys that browsers keep reach the customer too', async (t) => {
  await page.at('full-screen').click()
  await page.page.waitForFunction(() => document.fullscreenElement !== null)
  await page.at('picture-canvas').click({ position: { x: 300, y: 200 } })
  await page.page.getByText('All keys go to the customer').waitFor()
  t.same(await play(chord('Escape')), ['Escape down', 'Escape up'])
  t.equal(await page.page.evaluate(() => document.fullscreenElement !== null), true)
  await page.at('chat-input').click()
  t.equal(await page.page.getByText('All keys go to the customer').count(), 0)
  await page.at('full-screen').click()
  await page.page.waitForFunction(() => document.fullscreenElement === null)
})

/** What the hands did once `what` has taken the keyboard away while two keys were down. */
async function holdsWhile(what: (keyboard: PhysicalKeyboard) => Promise<unknown> | undefined) {
  await page.at('picture-canvas').click({ position: { x: 300, y: 200 } })
  await play(() => undefined)
  const calls = () => page.page.evaluate(() => globalThis.fakeSession.handCalls)
  typist.keyboard.down(KEYCODES.Enter)
  typist.keyboard.down(KEYCODES.ArrowLeft)
  await until(async () => (await calls()).includes('ArrowLeft down'), { what: 'the key' })
  await what(typist.keyboard)
  await until(async () => (await calls()).includes('let go'), { what: 'letting go' })
  typist.keyboard.up(KEYCODES.ArrowLeft)
  typist.keyboard.up(KEYCODES.Enter)
  await x.sync()
  return (await calls()).filter((call) => call !== 'holding')
}

t.test('[K5] another window takes the keyboard while keys are down', async (t) => {
  const { client, root } = x
  const focused = await new Promise<number>((tell) => {
    client.GetInputFocus((_error, { focus }) => {
      tell(focus)
      return true
    })
  })
  const window = client.AllocID()
  client.CreateWindow(window, root, 0, 0, 50, 50, 0, 24, 1, 0, { overrideRedirect: true })
  client.MapWindow(window)
  const calls = await holdsWhile(() => {
    client.SetInputFocus(window, 1)
    return x.sync()
  })
  t.same(calls, ['Enter down', 'ArrowLeft down', 'let go'])
  client.SetInputFocus(focused, 1)
  client.DestroyWindow(window)
  await x.sync()
})

t.test('[K5] a new tab of the expert’s own browser takes the keyboard while keys are down', async (t) => {
  const calls = await holdsWhile((keyboard) => {
    chord('ControlLeft', 'KeyT')(keyboard)
    return keyboard.sync()
  })
  t.same(calls, ['Enter down', 'ArrowLeft down', 'let go'])
})
