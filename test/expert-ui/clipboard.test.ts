import t from 'tap'
import { done, openControl } from './control-stage.ts'
import { server } from './picture-stage.ts'
import { STEERING, WATCHING, YIELDING } from './sample-watching.ts'

const granted = { permissions: ['clipboard-read', 'clipboard-write'] }
const refused = { permissions: [] as string[] }

t.test('own text goes over by a click, and the customer’s device says that it came', async (t) => {
  const page = await openControl({ options: granted })
  t.teardown(() => page.close())
  await page.page.evaluate(() => navigator.clipboard.writeText('größer als\nzwei Zeilen'))
  await page.at('clipboard-menu').click()
  await page.at('clipboard-send').click()
  await page.page.waitForFunction(() =>
    globalThis.fakeSession.handCalls.some((call) => call.startsWith('put ')),
  )
  t.same(await done(page), ['put größer als\nzwei Zeilen'])
  await page.notice({ t: 'clipboard-put' })
  t.match(await page.at('toast').textContent(), 'Your text is on the customer')

  await page.page.evaluate(() => navigator.clipboard.writeText('x'.repeat(20_001)))
  await page.at('clipboard-menu').click()
  await page.at('clipboard-send').click()
  await page.page.locator('[data-kind="clipboard-too-long"]').waitFor()
  t.match(await page.at('toast').textContent(), '20001 characters; no more than 20000')
  t.same(await done(page), [])
})

t.test('where the browser refuses, the expert pastes by hand', async (t) => {
  const page = await openControl({ options: refused })
  t.teardown(() => page.close())
  await page.page.evaluate(() => {
    navigator.clipboard.readText = () => Promise.reject(new DOMException('no', 'NotAllowedError'))
  })
  await page.at('clipboard-menu').click()
  await page.at('clipboard-send').click()
  const text = page.at('paste-text')
  await text.waitFor()
  t.equal(await page.at('paste-send').isDisabled(), true)
  await text.fill('y'.repeat(20_001))
  t.equal(await page.at('paste-send').isDisabled(), true)
  t.match(await page.page.getByRole('alert').textContent(), 'no more than 20000')
  await text.fill('by hand')
  await page.at('paste-send').click()
  t.same(await done(page), ['put by hand'])
  t.equal(await page.at('paste-dialog').isVisible(), false)
})

t.test('the customer’s text is asked for, shown by its beginning, and copied by a click', async (t) => {
  const page = await openControl({ options: granted })
  t.teardown(() => page.close())
  await page.page.evaluate(() => navigator.clipboard.writeText('before'))
  await page.at('clipboard-menu').click()
  await page.at('clipboard-fetch').click()
  t.same(await done(page), ['want'])
  await page.page.locator('[data-kind="clipboard-asked"]').waitFor()

  const text = `<b>Fehler 0x80070005</b>\n${'lang '.repeat(100)}`
  await page.notice({ t: 'clipboard-given', text })
  t.equal(await page.at('toast').count(), 1, 'the answer takes the question’s place')
  t.match(await page.at('clipboard-beginning').textContent(), '<b>Fehler 0x80070005</b>')
  t.ok((await page.at('clipboard-beginning').textContent())!.length < 160)
  t.equal(await page.at('toast').locator('b').count(), 0, 'text is only ever text')
  t.equal(
    await page.page.evaluate(() => navigator.clipboard.readText()),
    'before',
    'nothing is copied by itself',
  )
  await page.at('clipboard-copy').click()
  await page.page.waitForFunction(() => navigator.clipboard.readText().then((copied) => copied !== 'before'))
  t.equal(await page.page.evaluate(() => navigator.clipboard.readText()), text)
  await page.at('toast-close').click()
  t.equal(await page.at('toast').count(), 0)
})

t.test('where the browser refuses that too, the text stands there to be copied', async (t) => {
  const page = await openControl({ options: refused })
  t.teardown(() => page.close())
  await page.page.evaluate(() => {
    navigator.clipboard.writeText = () => Promise.reject(new DOMException('no', 'NotAllowedError'))
  })
  await page.notice({ t: 'clipboard-given', text: 'all of it' })
  await page.at('clipboard-copy').click()
  const field = page.at('clipboard-given-text')
  await field.waitFor()
  t.equal(await field.inputValue(), 'all of it')
  t.equal(await page.page.evaluate(() => getSelection()?.toString()), 'all of it')
})

t.test('what is refused says why, and what is switched off is not offered', async (t) => {
  const page = await openControl()
  t.teardown(() => page.close())
  for (const [reason, words] of [
    ['declined', 'does not want to give'],
    ['empty', 'no text on the customer'],
    ['switched-off', 'switched the exchange of text off'],
    ['too-long', 'too long'],
    ['failed', 'Try again'],
    ['not-granted', 'only while you may control'],
  ] as const) {
    await page.notice({ t: 'clipboard-refused', reason })
    t.match(await page.at('toast').textContent(), words)
  }
  await page.notice({ t: 'shielded' })
  await page.notice({ t: 'shielded' })
  t.equal(await page.at('toast').count(), 2, 'one of each kind')
  t.match(await page.at('toasts').textContent(), 'belongs to the customer')
  t.equal(await page.at('toasts').getAttribute('role'), 'status')

  await page.show({ ...YIELDING, clipboard: false })
  t.equal(await page.at('clipboard-menu').isDisabled(), true)
  t.match(await page.at('clipboard-menu').getAttribute('title'), 'lets no text pass')
  await page.show(WATCHING)
  t.equal(await page.at('clipboard-menu').count(), 0)
})

t.test('Ctrl+V on the picture is a shortcut for the customer, not a paste of ours', async (t) => {
  const page = await openControl({ view: STEERING, options: granted })
  t.teardown(() => page.close())
  await page.page.evaluate(() => navigator.clipboard.writeText('secret'))
  await page.at('picture-canvas').click({ position: { x: 300, y: 200 } })
  await done(page)
  await page.page.keyboard.press('Control+v')
  t.same(await done(page), ['ControlLeft down', 'KeyV down v', 'KeyV up', 'ControlLeft up'])
  t.ok(server.origin.startsWith('http://127.0.0.1'), 'a place where browsers allow the clipboard')
})
