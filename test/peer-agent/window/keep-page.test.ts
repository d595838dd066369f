import { writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { isBrowsersKey } from '../../../peer-agent/window/page/keep-page.ts'
import { until } from '../../fixtures/x-server.ts'
import { at, pageTest } from './page-stage.ts'
import { SHARING } from './screens.ts'

const key = (chord: string) => {
  const parts = chord.split('+')
  const has = (name: string) => parts.includes(name)
  return {
    key: parts.at(-1)!,
    ctrlKey: has('Ctrl'),
    shiftKey: has('Shift'),
    altKey: has('Alt'),
    metaKey: has('Meta'),
  }
}

t.test('keys that open something else or leave the page are the browser’s', async (t) => {
  for (const chord of [
    ...['F1', 'F7', 'F12', 'BrowserBack', 'Alt+ArrowLeft', 'Alt+Home'],
    ...['Ctrl+u', 'Ctrl+U', 'Ctrl+o', 'Ctrl+n', 'Ctrl+t', 'Ctrl+s', 'Ctrl+p', 'Ctrl+h', 'Ctrl+j', 'Ctrl+f'],
    ...['Ctrl+Shift+I', 'Ctrl+Shift+J', 'Ctrl+Shift+C', 'Ctrl+Shift+N', 'Ctrl+Shift+T', 'Ctrl+Shift+O'],
    ...['Meta+Alt+i', 'Meta+n'],
  ])
    t.ok(isBrowsersKey(key(chord)), chord)
})

t.test('writing, editing, moving, enlarging, loading anew and closing are the customer’s', async (t) => {
  for (const chord of [
    ...['a', 'Enter', 'Tab', 'Escape', 'F5', 'F6', 'ArrowLeft', 'Shift+A', 'Alt+F4', 'Alt+Tab'],
    ...['Ctrl+a', 'Ctrl+c', 'Ctrl+v', 'Ctrl+x', 'Ctrl+z', 'Ctrl+y', 'Ctrl+Shift+Z', 'Ctrl+Shift+V', 'Meta+c'],
    ...['Ctrl+r', 'Ctrl+w', 'Ctrl+0', 'Ctrl+-', 'Ctrl+=', 'Ctrl+Insert', 'Ctrl+Backspace'],
    ...['Ctrl+ArrowLeft', 'Ctrl+Shift+ArrowRight', 'Ctrl+Home', 'Ctrl+Control', 'Ctrl+Shift+Shift'],
    // AltGr, as Windows tells it.
    ...['Ctrl+Alt+@', 'Ctrl+Alt+€', 'Ctrl+Alt+{'],
  ])
    t.notOk(isBrowsersKey(key(chord)), chord)
})

pageTest(
  'de',
  'a file or a link that is dropped on the window does not take its place',
  async (t, opened) => {
    const { page, show } = opened
    await show(SHARING)
    const folder = await mkdtemp(join(tmpdir(), 'lotse-test-'))
    t.teardown(() => rm(folder, { recursive: true, force: true }))
    const file = join(folder, 'anderes.html')
    writeFileSync(file, '<h1>Anders</h1>')
    await page.evaluate(`
    globalThis.dropped = []
    addEventListener('drop', (event) => dropped.push(event.defaultPrevented))
  `)
    const url = page.url()
    const browser = await page.context().newCDPSession(page)
    const link = { mimeType: 'text/uri-list', data: 'http://127.0.0.1:9/' }
    const drops = [
      { items: [], files: [file], dragOperationsMask: 1 },
      { items: [link], dragOperationsMask: 1 },
    ]
    for (const target of ['recorded', 'chat-log', 'end']) {
      const { x, y, width, height } = (await at(page, target).boundingBox())!
      for (const data of drops)
        for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
          await browser.send('Input.dispatchDragEvent', { type, x: x + width / 2, y: y + height / 2, data })
    }
    await until(async () => (await page.evaluate('dropped.length')) === 6, { what: 'six drops' })
    t.same(await page.evaluate('dropped'), Array(6).fill(true))
    t.equal(page.url(), url)
    t.equal(await at(page, 'end').count(), 1)
  },
)

pageTest('de', 'there is no menu of the browser on the page', async (t, { page, show }) => {
  await show(SHARING)
  await page.evaluate(`
    globalThis.menus = []
    addEventListener('contextmenu', (event) => menus.push(event.defaultPrevented))
  `)
  for (const target of ['chat-input', 'end', 'recorded']) await at(page, target).click({ button: 'right' })
  t.same(await page.evaluate('menus'), [true, true, true])
})
