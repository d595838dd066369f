import t from 'tap'
import { characterOf } from '../../../peer-agent/desktop/x11/keysyms.ts'
import { typingStage } from '../../fixtures/injector-stage.ts'
import { answer, setLayout } from '../../fixtures/keyboard-state.ts'
import type { XServer } from '../../fixtures/x-server.ts'

/** Where experts and customers sit: Germany, Austria, Switzerland, France, Spain, Poland, Turkey, USA. */
const LAYOUTS = ['de', 'at', 'ch', 'fr', 'es', 'pl', 'tr', 'us']
/** From the specification of the product. */
const SAMPLE = 'Grüße €@ß{}[]\\|~^´ 😀 Ω 漢'
/** What dead keys give with letters: grave, acute, circumflex, tilde, macron, breve and so on. */
const MARKS = '\u0300\u0301\u0302\u0303\u0304\u0306\u0307\u0308\u030a\u030b\u030c\u0327\u0328'
const LETTERS = 'abcdefghijklmnopqrstuvwxyz'
const accented = [...MARKS].flatMap((mark) =>
  [...LETTERS, ...LETTERS.toUpperCase()]
    .map((letter) => `${letter}${mark}`.normalize('NFC'))
    .filter((character) => character.length === 1),
)

/** Every character on any level of any key, by the server's own map. */
async function charactersOn(server: XServer, layout: string): Promise<string[]> {
  await setLayout(server, layout)
  const { client } = server
  const { min_keycode: first, max_keycode: last } = client.display
  const rows = await answer<number[][]>((done) => client.GetKeyboardMapping(first, last - first + 1, done))
  return rows.flat().flatMap((keysym) => characterOf(keysym) ?? [])
}

t.test('[K5] every character of eight layouts, on any level or by a dead key, arrives on each', async (t) => {
  const { server, injector, field } = await typingStage(t, 'us')
  const all = new Set(accented)
  for (const layout of LAYOUTS) {
    for (const character of await charactersOn(server, layout)) all.add(character)
  }
  t.ok(all.size > 400, `${all.size} characters`)
  for (const needed of 'áàâãäéñçẃßſẞğİıłøÆ€₺„“»…') t.ok(all.has(needed), needed)
  const text = [...all].join('') + SAMPLE
  for (const layout of LAYOUTS) {
    await setLayout(server, layout)
    await field.clear()
    const sinceMs = performance.now()
    injector.text(text)
    const arrived = await field.holds(text)
    const each = (performance.now() - sinceMs) / text.length
    t.comment(`${layout}: ${each.toFixed(1)} ms a character, most of them foreign`)
    t.equal(arrived, text, `${layout}: ${[...text].length} characters`)
  }
})
