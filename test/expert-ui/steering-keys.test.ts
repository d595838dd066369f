import t from 'tap'
import type { TestPage } from './browser.ts'
import { done, openControl } from './control-stage.ts'
import { STEERING, WATCHING, YIELDING } from './sample-watching.ts'

/** Clicks the picture and forgets the click. */
async function focusPicture(page: TestPage): Promise<void> {
  await page.at('picture-canvas').click({ position: { x: 400, y: 300 } })
  await done(page)
}

const keysGo = (page: TestPage) => page.at('keys-go').getAttribute('data-keys')

t.test('[K5] keys go to the customer once the picture was clicked, and one sees it', async (t) => {
  const page = await openControl()
  t.teardown(() => page.close())
  const { keyboard } = page.page
  t.equal(await keysGo(page), 'page')
  t.match(await page.at('keys-go').textContent(), 'Click the picture to type')
  await keyboard.press('z')
  t.equal(await page.at('zoom-actual').getAttribute('aria-pressed'), 'true', 'the page’s own key')
  await keyboard.press('z')
  t.same(await done(page), [])

  await focusPicture(page)
  t.equal(await keysGo(page), 'customer')
  t.match(await page.at('keys-go').textContent(), 'Your keys go to the customer')
  await keyboard.type('zfc0?19ß')
  await keyboard.press('Enter')
  await keyboard.press('Shift+Tab')
  await keyboard.press('Control+Shift+z')
  await keyboard.insertText('日本')
  t.same(await done(page), [
    ...[...'zfc0?19ß'].map((character) => `text ${character}`),
    'Enter down',
    'Enter up',
    'ShiftLeft down',
    'Tab down',
    'Tab up',
    'ShiftLeft up',
    'ControlLeft down',
    'ShiftLeft down',
    'KeyZ down z',
    'KeyZ up',
    'ShiftLeft up',
    'ControlLeft up',
    'text 日本',
  ])
  t.equal(await page.at('key-field').inputValue(), '', 'nothing is kept here')
  t.equal(await page.at('zoom-fit').getAttribute('aria-pressed'), 'true')
  t.equal(await page.at('keys-dialog').isVisible(), false)
  t.equal(await page.page.evaluate(() => document.fullscreenElement), null)
})

t.test('[K5] compositions come as their end, and pasting is no typing', async (t) => {
  const page = await openControl()
  t.teardown(() => page.close())
  await focusPicture(page)
  const cdp = await page.page.context().newCDPSession(page.page)
  for (const text of ['n', 'に', 'にほ'])
    await cdp.send('Input.imeSetComposition', {
      text,
      selectionStart: text.length,
      selectionEnd: text.length,
    })
  t.same(await done(page), [])
  await cdp.send('Input.insertText', { text: '日本' })
  t.same(await done(page), ['text 日本'])
  await page.page.evaluate(() => document.execCommand('insertText', false, 'x'))
  await done(page)
  const pasted = await page.at('key-field').evaluate((field) => {
    const event = new InputEvent('beforeinput', {
      inputType: 'insertFromPaste',
      data: 'secret',
      bubbles: true,
      cancelable: true,
    })
    return field.dispatchEvent(event)
  })
  t.equal(pasted, false)
  t.same(await done(page), [])
  t.equal(await page.at('key-field').inputValue(), '')
})

t.test('the way out: the chat, or three keys at once', async (t) => {
  const page = await openControl()
  t.teardown(() => page.close())
  const { keyboard } = page.page
  await focusPicture(page)
  await keyboard.down('Control')
  await keyboard.down('a')
  await page.at('chat-input').click()
  t.same(await done(page), ['ControlLeft down', 'KeyA down a', 'let go'])
  await keyboard.up('a')
  await keyboard.up('Control')
  await keyboard.type('for the customer')
  t.equal(await page.at('chat-input').inputValue(), 'for the customer')
  t.same(await done(page), [])
  t.equal(await keysGo(page), 'page')

  await focusPicture(page)
  await keyboard.press('Control+Alt+Shift')
  t.equal(await keysGo(page), 'page')
  t.same(await done(page), ['let go'])
  await keyboard.press('2')
  t.same(await done(page), [], 'keys are the page’s again')
})

t.test(
  '[K2] the customer takes over mid-typing: the rest goes nowhere, neither there nor here',
  async (t) => {
    const page = await openControl()
    t.teardown(() => page.close())
    const { keyboard } = page.page
    await focusPicture(page)
    await keyboard.type('half a w')
    await keyboard.down('ArrowLeft')
    await page.show(YIELDING)
    await keyboard.up('ArrowLeft')
    t.same((await done(page)).slice(-2), ['ArrowLeft down', 'let go'])
    await keyboard.type('zfc0ord')
    await keyboard.press('Tab')
    await keyboard.press('Enter')
    await keyboard.press('Control+c')
    t.same(await done(page), [])
    t.equal(await page.at('zoom-fit').getAttribute('aria-pressed'), 'true')
    t.match(await page.at('keys-go').textContent(), 'Your keys go nowhere')
    await page.show(STEERING)
    await keyboard.type('x')
    t.same(await done(page), ['text x'], 'and they go on as soon as the expert holds again')

    await keyboard.down('ArrowLeft')
    await page.show(WATCHING)
    await keyboard.up('ArrowLeft')
    await keyboard.type('zc')
    t.same((await done(page)).slice(-2), ['ArrowLeft down', 'let go'])
    t.equal(await page.at('chat-input').inputValue(), '')
    t.equal(await page.at('zoom-fit').getAttribute('aria-pressed'), 'true')
    await page.at('picture-canvas').click()
    await keyboard.press('z')
    t.equal(
      await page.at('zoom-actual').getAttribute('aria-pressed'),
      'true',
      'a click gives the page its keys back',
    )
  },
)

for (const [what, part] of [
  ['[C3] a question', { question: 'go-on' }],
  ['[S4] a lost line', { line: 'lost' }],
  ['[R1] a frozen picture', { picture: { state: 'frozen' } }],
] as const) {
  t.test(`${what} lets go of everything`, async (t) => {
    const page = await openControl()
    t.teardown(() => page.close())
    await focusPicture(page)
    await page.page.keyboard.down('Alt')
    await page.page.keyboard.down('F4')
    await page.show({ ...STEERING, ...part })
    await page.page.keyboard.up('F4')
    await page.page.keyboard.up('Alt')
    await page.page.keyboard.type('x')
    t.same(await done(page), ['AltLeft down', 'F4 down', 'let go'])
  })
}

t.test('[K5] leaving the window, the tab or the session lets go of everything', async (t) => {
  const page = await openControl()
  t.teardown(() => page.close())
  const { keyboard } = page.page
  await focusPicture(page)
  for (const leave of [
    () => dispatchEvent(new Event('blur')),
    () => dispatchEvent(new PageTransitionEvent('pagehide')),
    () => {
      Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true })
      document.dispatchEvent(new Event('visibilitychange'))
      Reflect.deleteProperty(document, 'visibilityState')
    },
  ]) {
    await keyboard.down('Control')
    await keyboard.down('ArrowRight')
    await page.page.evaluate(leave)
    await keyboard.up('ArrowRight')
    await keyboard.up('Control')
    t.same(await done(page), ['ControlLeft down', 'ArrowRight down', 'let go'])
  }
  await page.page.mouse.down()
  await page.show({ phase: 'ended', reason: 'customer-ended', by: 'customer' })
  await page.phase('ended')
  t.equal((await done(page)).at(-1), 'let go')
})

t.test('[K5] while a key is held the agent is told so, and no longer', async (t) => {
  const page = await openControl()
  t.teardown(() => page.close())
  await focusPicture(page)
  const told = (most: number) =>
    page.page.waitForFunction(
      (count) => globalThis.fakeSession.handCalls.filter((call) => call === 'holding').length >= count,
      most,
    )
  await page.page.keyboard.down('ArrowDown')
  await told(2)
  await page.page.keyboard.up('ArrowDown')
  await page.page.evaluate(() => globalThis.fakeSession.handCalls.splice(0))
  await page.page.mouse.down()
  await told(1)
  await page.page.mouse.up()
})
