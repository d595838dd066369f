import t from 'tap'
import { openPhysicalInput } from '../../fixtures/physical-input.ts'
import { until } from '../../fixtures/x-server.ts'
import { insideOf, open, spyBrowser, x } from './app-window-stage.ts'
import { SHARING } from './screens.ts'

const SHIFT = 0xffe1
const CONTROL = 0xffe3
const ALT = 0xffe9
const F1 = 0xffbe
const F12 = 0xffc9
const LEFT = 0xff51

/** Keysyms held and pressed: help, developer tools, another window, a file, the page's source, the page before. */
const BROWSERS_KEYS: [string, number[], number][] = [
  ['F1', [], F1],
  ['F12', [], F12],
  ['Ctrl+N', [CONTROL], 'n'.charCodeAt(0)],
  ['Ctrl+T', [CONTROL], 't'.charCodeAt(0)],
  ['Ctrl+O', [CONTROL], 'o'.charCodeAt(0)],
  ['Ctrl+U', [CONTROL], 'u'.charCodeAt(0)],
  ['Ctrl+Shift+I', [CONTROL, SHIFT], 'i'.charCodeAt(0)],
  ['Ctrl+Shift+J', [CONTROL, SHIFT], 'j'.charCodeAt(0)],
  ['Ctrl+Shift+C', [CONTROL, SHIFT], 'c'.charCodeAt(0)],
  ['Alt+Left', [ALT], LEFT],
]

t.test('the window belongs to the process that is named for it', async (t) => {
  const spy = await spyBrowser(t)
  const window = await open(t, spy)
  const [id] = await x.mappedWindows()
  const pidOf = (window: number) =>
    new Promise<number>((resolve, reject) => {
      x.client.InternAtom(false, '_NET_WM_PID', (unnamed, atom) => {
        if (unnamed) reject(unnamed)
        else
          x.client.GetProperty(0, window, atom, 0, 0, 1, (unread, value) => {
            if (unread) reject(unread)
            else resolve(value.data.readUInt32LE())
            return true
          })
        return true
      })
    })
  t.equal(window.process, spy.pid())
  t.equal(window.process, await pidOf(id!))
  await window.close()
})

t.test('no key of the browser opens anything else or leaves the page', async (t) => {
  const spy = await spyBrowser(t)
  const window = await open(t, spy)
  window.show(SHARING)
  const page = await insideOf(spy)
  await page.locator('[data-screen=sharing]').waitFor()
  // What reaches the end of the page unprevented is the browser's.
  await page.evaluate(`
    globalThis.seen = []
    addEventListener('keydown', (event) => seen.push([event.key, event.defaultPrevented]))
  `)
  const hands = await openPhysicalInput(x.display)
  t.teardown(() => hands.close())
  await hands.moveTo(1100, 400)
  await hands.click()
  let pressed = 0
  for (const [name, held, key] of BROWSERS_KEYS) {
    for (const keysym of held) await hands.keyDown(keysym)
    await hands.key(key)
    for (const keysym of [...held].reverse()) await hands.keyUp(keysym)
    pressed += held.length + 1
    await until(async () => (await page.evaluate<number>('seen.length')) >= pressed, { what: name })
    t.equal(await page.evaluate('seen.at(-1)[1]'), true, name)
  }
  t.equal((await x.mappedWindows()).length, 1, 'one window, as before')
  t.equal(page.context().pages().length, 1, 'one page, as before')
  t.equal(await page.locator('[data-screen=sharing]').count(), 1)
  await page.context().browser()!.close()
  await window.close()
})
