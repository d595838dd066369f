import t from 'tap'
import type { Watching } from '../../expert-ui/session/view.ts'
import { launch, TestPage } from './browser.ts'
import { buildTestPage } from './page-build.ts'
import { servePage } from './page-server.ts'
import { encodeUpdate } from './reference-encoder.ts'
import { desktopTiles, drawDesktop, TWO_MONITORS } from './sample-desktop.ts'
import { STEERING, WATCHING } from './sample-watching.ts'

const built = await buildTestPage()
const server = await servePage(built.folder)
const browser = await launch()
t.teardown(async () => {
  await browser.close()
  await server.close()
})

const screen = await drawDesktop(TWO_MONITORS)
const frame = encodeUpdate(1, desktopTiles(screen, TWO_MONITORS), TWO_MONITORS)
const view: Watching = { ...WATCHING, sinceMs: Date.now() - 61_000 }

async function watch(): Promise<TestPage> {
  const page = await TestPage.open(browser, server.origin, { locale: 'en-GB', reducedMotion: 'reduce' })
  await page.phase('idle')
  await page.show({ phase: 'connecting', waitingForRecorder: false })
  await page.show(view)
  await page.phase('watching')
  await page.picture(frame)
  return page
}

const said = (text: string, id = text) =>
  ({ id, from: 'customer', text, atMs: Date.now(), delivered: true }) as const

t.test('[T4] the bar says what is allowed, who holds the mouse, who records and how long', async (t) => {
  const page = await watch()
  t.teardown(() => page.close())
  t.match(await page.at('level').textContent(), 'View only')
  t.match(await page.at('holder').textContent(), 'Customer has the mouse')
  t.match(await page.at('recorder').textContent(), 'Recorded by Recorder Nord, 90 days')
  t.match(await page.at('session-time').textContent(), /1:0\d/)
  t.match(await page.at('line').textContent(), 'Connected')
  for (const fact of ['level', 'holder', 'line'])
    t.equal(await page.at(fact).getAttribute('role'), 'status', `${fact} is read out when it changes`)

  await page.show(STEERING)
  t.equal(await page.at('level').getAttribute('data-level'), 'control')
  t.equal(await page.at('holder').getAttribute('data-holder'), 'expert')
  await page.show({ ...STEERING, line: 'lost' })
  t.equal(
    await page.at('holder').getAttribute('data-holder'),
    'customer',
    'over a lost line nothing is steered',
  )
  t.equal(await page.at('line').getAttribute('data-line'), 'lost')
})

t.test('[R1] a frozen picture is dimmed under its reason, and the chat goes on', async (t) => {
  const page = await watch()
  t.teardown(() => page.close())
  const filter = () =>
    page.at('picture-canvas').evaluate((canvas) => {
      const part = canvas.parentElement!.parentElement!
      return getComputedStyle(part).filter
    })
  t.equal(await filter(), 'none')
  await page.show({ ...view, picture: { state: 'frozen', reason: 'recorder-disk-full' } })
  await page.at('picture-notice').waitFor()
  t.equal(await page.at('picture-notice').getAttribute('data-reason'), 'recorder-disk-full')
  t.match(await page.at('picture-notice').textContent(), 'The recording has run out of storage.')
  t.match(await filter(), 'brightness')
  t.equal(await page.at('picture-canvas').isVisible(), true)
  await page.at('chat-input').fill('still here')
  await page.at('chat-input').press('Enter')
  t.match(await page.at('chat-log').textContent(), 'still here')
  await page.show(view)
  await page.at('picture-notice').waitFor({ state: 'detached' })
})

t.test('[C5] a hidden screen is hidden: only the card is there', async (t) => {
  const page = await watch()
  t.teardown(() => page.close())
  await page.show({ ...view, picture: { state: 'card', reason: 'hidden' } })
  await page.at('picture-notice').waitFor()
  t.match(await page.at('picture-notice').textContent(), 'The customer has hidden the screen')
  t.equal(await page.at('picture-canvas').isVisible(), false)
})

t.test('[C3] while the customer is asked, the expert reads that', async (t) => {
  const page = await watch()
  t.teardown(() => page.close())
  await page.show({ ...view, question: 'control' })
  t.match(await page.at('question').textContent(), 'Waiting for the customer')
  t.equal(await page.at('question').getAttribute('data-level'), 'control')
})

t.test('chat: text stays text, lines stay lines, and nothing typed is lost', async (t) => {
  const page = await watch()
  t.teardown(() => page.close())
  const nasty = '<img src=x onerror=alert(1)><script>alert(2)</script>\n& ünïcödé 👍'
  await page.say(said(nasty))
  t.equal(await page.at('chat-line').locator('p').textContent(), nasty)
  t.equal(await page.at('chat-log').locator('img, script').count(), 0)

  const input = page.at('chat-input')
  await page.page.keyboard.press('c')
  t.equal(await input.evaluate((field) => field === document.activeElement), true)
  await page.page.keyboard.type('first')
  await page.page.keyboard.press('Shift+Enter')
  await page.page.keyboard.type('second zfc0')
  await page.page.keyboard.press('Enter')
  t.ok((await page.calls()).includes('sendChat "first\\nsecond zfc0"'), 'shortcut letters are letters here')
  t.equal(await input.inputValue(), '')
  t.equal(await page.at('chat-line').last().getAttribute('data-delivered'), 'false')
  const own = await page.page.evaluate(() => globalThis.fakeSession.chat.at(-1)!)
  await page.say({ ...own, delivered: true })
  t.equal(await page.at('chat-line').last().getAttribute('data-delivered'), 'true')

  await page.page.evaluate(() => {
    globalThis.fakeSession.takesChat = false
  })
  await input.fill('not yet')
  await page.at('chat-send').click()
  t.equal(await input.inputValue(), 'not yet')
  t.match(await page.page.locator('form').textContent(), 'Not sent yet.')
  await input.fill('x'.repeat(3000))
  t.equal((await input.inputValue()).length <= 2000, true)
  t.match(await page.page.locator('form').textContent(), '0 characters left')
})

t.test('chat: what arrives while it is closed is counted', async (t) => {
  const page = await watch()
  t.teardown(() => page.close())
  await page.say(said('seen'))
  await page.at('chat-hide').click()
  await page.say(said('one'))
  await page.say(said('two'))
  t.equal(await page.at('chat-toggle').getAttribute('data-unread'), '2')
  t.equal(await page.at('chat-toggle').getAttribute('aria-label'), 'Show chat, 2 unread messages')
  t.match(await page.page.title(), /^\(2\)/)
  await page.at('chat-toggle').click()
  t.equal(await page.at('chat-toggle').getAttribute('data-unread'), '0')
  t.equal(await page.at('chat-line').count(), 3)
})

t.test('end: asked once, and a slip costs nothing', async (t) => {
  const page = await watch()
  t.teardown(() => page.close())
  await page.at('end').click()
  await page.page.keyboard.press('Escape')
  t.equal(await page.at('end-confirm').count(), 0)
  await page.at('end').click()
  await page.at('picture-canvas').click({ position: { x: 5, y: 5 } })
  t.equal(await page.at('end-confirm').count(), 0)
  t.notOk((await page.calls()).includes('end'))
  await page.at('end').press('Enter')
  await page.page.keyboard.press('Enter')
  t.ok((await page.calls()).includes('end'))
})

t.test('keys choose the monitor and the size; the list of them opens and closes', async (t) => {
  const page = await watch()
  t.teardown(() => page.close())
  const pressed = async (name: string) => (await page.at(name).getAttribute('aria-pressed')) === 'true'
  t.ok((await pressed('monitor-all')) && (await pressed('zoom-fit')))
  await page.page.keyboard.press('2')
  t.ok(await pressed('monitor-2'))
  await page.page.keyboard.press('9')
  t.ok(await pressed('monitor-2'), 'a monitor that is not there is not chosen')
  await page.page.keyboard.press('z')
  t.ok(await pressed('zoom-actual'))
  await page.page.keyboard.press('0')
  t.ok(await pressed('monitor-all'))
  await page.page.keyboard.press('?')
  t.equal(await page.at('keys-dialog').isVisible(), true)
  await page.page.keyboard.press('1')
  t.ok(await pressed('monitor-all'), 'keys wait behind the list')
  await page.page.keyboard.press('Escape')
  t.equal(await page.at('keys-dialog').isVisible(), false)
})

t.test('at actual size the picture moves by wheel, by key and by dragging', async (t) => {
  const page = await watch()
  t.teardown(() => page.close())
  await page.page.keyboard.press('z')
  const room = page.page.getByRole('region')
  const at = () => room.evaluate(({ scrollLeft, scrollTop }) => [scrollLeft, scrollTop])
  const box = (await room.boundingBox())!
  await room.evaluate((element) => element.scrollTo(100, 100))
  await page.page.mouse.move(box.x + 400, box.y + 300)
  await page.page.mouse.down()
  await page.page.mouse.move(box.x + 340, box.y + 270, { steps: 4 })
  await page.page.mouse.up()
  t.same(await at(), [160, 130])

  const movedRightOf = (left: number) =>
    page.page.waitForFunction((from) => document.querySelector('[role=region]')!.scrollLeft > from, left)
  await page.page.mouse.wheel(120, 80)
  await movedRightOf(279)
  await room.focus()
  await page.page.keyboard.press('ArrowRight')
  await movedRightOf(280)
})

t.test('everything can be reached by Tab, and shows where one is', async (t) => {
  const page = await watch()
  t.teardown(() => page.close())
  const reached = new Set<string>()
  for (let step = 0; step < 26; step++) {
    await page.page.keyboard.press('Tab')
    const [name, ring] = await page.page.evaluate(() => {
      const active = document.activeElement as HTMLElement
      return [active.dataset.test ?? active.tagName, getComputedStyle(active).boxShadow]
    })
    reached.add(name!)
    if (name !== 'BODY') t.not(ring, 'none', `${name} shows the focus`)
  }
  const wanted = ['chat-toggle', 'end', 'monitor-all', 'monitor-1', 'monitor-2', 'zoom-fit', 'zoom-actual']
  for (const name of [
    ...wanted,
    'prefer-sharp',
    'prefer-smooth',
    'full-screen',
    'keys',
    'chat-hide',
    'chat-log',
    'chat-input',
  ])
    t.ok(reached.has(name), `${name} is reached`)
})

t.test('leaving the page by accident is asked about while a customer is there', async (t) => {
  const page = await watch()
  t.teardown(() => page.close())
  await page.page.mouse.click(400, 400)
  let asked = 0
  page.page.on('dialog', (dialog) => {
    asked++
    void dialog.accept()
  })
  await page.page.reload()
  t.equal(asked, 1)
  await page.phase('idle')
  await page.page.reload()
  t.equal(asked, 1)
})
