import t, { type Test } from 'tap'
import { startWindowsDesk } from '../../../fixtures/wine/desk.ts'
import { until } from '../../../fixtures/x-server.ts'

/** What the keyboards have, dead keys with their letters, and what none has. */
const CHARACTERS = {
  US: ' !"#$%&\'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~',
  'DE and AT': '°§²³äöüÄÖÜß€µ´áéíóúýÁÉÍÓÚÝàèìòùÀÈÌÒÙâêîôûÂÊÎÔÛ',
  CH: '¦¬|¢´`¨ëïÿçÇ£¤',
  FR: '²éèçàù¨£¤µ§äëïöüÄËÏÖÜãñõÃÑÕ',
  ES: 'ºª·¿¡ñÑçÇ¬´¨',
  PL: 'ąćęłńóśźżĄĆĘŁŃÓŚŹŻ',
  TR: 'ğüşıöçĞÜŞİÖÇ½₺æÆâîûÂÎÛ',
  none: '😀👩‍💻Ω漢字Ж—„“…\u00a0',
}
const SENTENCE = 'Grüße €@ß{}[]\\|~^´ 😀 Ω 漢'
const VK = {
  capsLock: 0x14,
  leftArrow: 0x25,
  z: 0x5a,
  numpad4: 0x64,
  leftShift: 0xa0,
  leftControl: 0xa2,
  leftAlt: 0xa4,
}
const GERMAN_Z = 0x15

const desk = await startWindowsDesk(t, { keyboard: 'de' })
await desk.ask('openInjector', null)
await desk.ask('watchAll')

/** Waits until the text field holds just this. */
async function arrives(t: Pick<Test, 'pass'>, text: string): Promise<void> {
  const hasArrived = async () => (await desk.ask('editText')) === text
  await until(hasArrived, { what: JSON.stringify(text) }).catch(async (error) => {
    throw new Error(`${error.message}; it is ${JSON.stringify(await desk.ask('editText'))}`)
  })
  t.pass(text)
}

t.beforeEach(async () => {
  await desk.ask('letGo')
  await desk.ask('clearEdit')
  await desk.ask('spied')
})

t.test('[K5] every character of eight keyboards arrives, and some that none has', async (t) => {
  await desk.ask('text', SENTENCE)
  await arrives(t, SENTENCE)
  for (const characters of Object.values(CHARACTERS)) {
    await desk.ask('clearEdit')
    await desk.ask('text', characters)
    await arrives(t, characters)
  }
})

t.test('[K5] a long text with Enter and Tab keeps its order, and what comes after it waits', async (t) => {
  const text = Array.from({ length: 12 }, (_, line) => `Zeile ${line}:\täöü`).join('\n')
  await desk.ask('text', text)
  await desk.ask('text', '!')
  await desk.ask('key', 'Enter', true)
  await desk.ask('key', 'Enter', false)
  await arrives(t, `${text}!\n`)
  t.equal((await desk.ask('state')).refused, 0)
})

t.test('[K5] text is text whatever is held and locked, and what was held is held again', async (t) => {
  await desk.ask('key', 'CapsLock', true)
  await desk.ask('key', 'CapsLock', false)
  for (const code of ['ControlLeft', 'ShiftLeft', 'AltLeft'] as const) await desk.ask('key', code, true)
  await desk.ask('text', 'aÄ@')
  await arrives(t, 'aÄ@')
  const down = await desk.ask('down')
  for (const key of [VK.leftControl, VK.leftShift, VK.leftAlt]) t.ok(down.includes(key), `${key} is down`)
  await desk.ask('letGo')
  await desk.ask('key', 'CapsLock', true)
  await desk.ask('key', 'CapsLock', false)
  t.same(await desk.ask('down'), [])
})

t.test('[K5] of a shortcut the letter matters, not its place', async (t) => {
  await desk.ask('key', 'ControlLeft', true)
  // The expert's keyboard is American, the customer's German.
  await desk.ask('key', 'KeyZ', true, 'z')
  await desk.ask('key', 'KeyZ', false, 'z')
  await desk.ask('key', 'ControlLeft', false)
  const keys = (await desk.ask('spied')).map(({ data, scanCode, what }) => [data, scanCode, what & 0x80])
  t.same(keys.slice(1, 3), [
    [VK.z, GERMAN_Z, 0],
    [VK.z, GERMAN_Z, 0x80],
  ])
})

t.test('[K5] a key without a character is the one at its place', async (t) => {
  for (const code of ['KeyY', 'KeyQ', 'KeyZ', 'Digit3'] as const) {
    await desk.ask('key', code, true)
    await desk.ask('key', code, false)
  }
  await arrives(t, 'zqy3')
})

t.test('[K5] keys that are no text do what they do', async (t) => {
  const stroke = async (
    ...codes: readonly ('ArrowLeft' | 'Backspace' | 'Delete' | 'Home' | 'ShiftLeft')[]
  ) => {
    for (const code of codes) await desk.ask('key', code, true)
    for (const code of codes.toReversed()) await desk.ask('key', code, false)
  }
  await desk.ask('text', 'abcdef')
  await stroke('ArrowLeft')
  await stroke('Backspace')
  await arrives(t, 'abcdf')
  await stroke('Home')
  await stroke('Delete')
  await arrives(t, 'bcdf')
  await desk.ask('spied')
  await desk.ask('key', 'Numpad4', true)
  await desk.ask('key', 'Numpad4', false)
  t.equal((await desk.ask('spied'))[0]?.data, VK.leftArrow, 'the number pad with Num Lock off')
  await desk.ask('key', 'Numpad4', true, '4')
  await desk.ask('key', 'Numpad4', false, '4')
  t.same(
    (await desk.ask('spied')).map(({ data }) => data),
    [VK.numpad4, VK.numpad4],
    'and on',
  )
})
