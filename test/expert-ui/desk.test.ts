import t from 'tap'
import { launch, TestPage } from './browser.ts'
import { buildTestPage } from './page-build.ts'
import { servePage } from './page-server.ts'
import { WATCHING } from './sample-watching.ts'

const NUMBER = '472 918 305 6'
const built = await buildTestPage()
const server = await servePage(built.folder)
const browser = await launch()
t.teardown(async () => {
  await browser.close()
  await server.close()
})
const english = { locale: 'en-GB' } as const

t.test('log-in: what is wrong is said, and whoever is right is in', async (t) => {
  server.loggedIn = false
  const page = await TestPage.open(browser, server.origin, english)
  t.teardown(() => page.close())
  await page.phase('login')
  t.equal(await page.at('problem').count(), 0, 'nobody is blamed for not being logged in yet')
  t.equal(await page.at('login-submit').isDisabled(), true)

  server.refusals = [{ status: 401, body: { t: 'refused', code: 'wrong-credentials' } }]
  await page.at('login-name').fill('anna')
  await page.at('login-password').fill('wrong')
  await page.at('login-password').press('Enter')
  await page.at('problem').waitFor()
  t.match(await page.at('problem').textContent(), 'Name or password is not right.')
  t.equal(await page.at('login-password').inputValue(), '')
  t.equal(await page.at('login-password').evaluate((field) => field === document.activeElement), true)

  await page.at('login-password').fill('right')
  await page.at('login-submit').click()
  await page.phase('idle')
  t.match(await page.at('account').textContent(), /Anna Berg.*Hotline Nord/)

  await page.at('log-out').click()
  await page.phase('login')
  t.equal(server.loggedIn, false)
  t.same(await page.violations(), [])
})

t.test('log-in: too many tries wait as long as the service says', async (t) => {
  server.loggedIn = false
  server.refusals = [{ status: 429, body: { t: 'refused', code: 'slow-down', retryAfterSeconds: 30 } }]
  const page = await TestPage.open(browser, 'about:blank', english)
  t.teardown(() => page.close())
  await page.page.clock.install()
  await page.page.goto(server.origin)
  await page.at('login-name').fill('anna')
  await page.at('login-password').fill('right')
  await page.at('login-submit').click()
  await page.at('problem').waitFor()
  await page.at('login-password').fill('right')
  t.match(await page.at('login-submit').textContent(), /Next try in 0:(29|30)/)
  t.equal(await page.at('login-submit').isDisabled(), true)
  await page.page.clock.fastForward(30_500)
  await page.at('login-submit').click()
  await page.phase('idle')
})

t.test('a service that cannot be reached is said to be so, and tried again', async (t) => {
  server.loggedIn = true
  const page = await TestPage.open(browser, server.origin, english)
  t.teardown(() => page.close())
  await page.page.route('**/api/me', (route) => route.abort())
  await page.page.reload()
  await page.phase('unreachable')
  t.match(await page.at('problem').textContent(), 'cannot be reached')
  await page.page.unroute('**/api/me')
  await page.phase('idle')
})

t.test('desk: one key starts a session, once', async (t) => {
  const page = await TestPage.open(browser, server.origin, english)
  t.teardown(() => page.close())
  await page.phase('idle')
  await page.page.keyboard.press('n')
  t.same(await page.calls(), ['newSession'])
  await page.show({ phase: 'opening' })
  await page.phase('opening')
  t.equal(await page.at('new-session').isDisabled(), true)
  await page.page.keyboard.press('n')
  t.same((await page.calls()).filter((call) => call === 'newSession').length, 1)
  await page.show({ phase: 'idle', problem: 'service-full' })
  t.match(await page.at('problem').textContent(), 'No number is free at the moment.')
  await page.page.keyboard.press('Control+n')
  t.same(
    (await page.calls()).filter((call) => call === 'newSession').length,
    1,
    "the browser's own key stays its own",
  )
})

t.test('[R1] desk: without a way to record no session starts, until there is one', async (t) => {
  server.account = { ...server.account, canStart: false, whyNot: 'no-recording-keys' }
  const page = await TestPage.open(browser, 'about:blank', english)
  t.teardown(() => page.close())
  await page.page.clock.install()
  await page.page.goto(server.origin)
  await page.phase('idle')
  t.match(await page.at('problem').textContent(), 'The keys that seal recordings are missing')
  t.equal(await page.at('new-session').isDisabled(), true)
  await page.page.keyboard.press('n')
  t.same(await page.calls(), [])
  server.account = { ...server.account, canStart: true, whyNot: null }
  await page.page.clock.fastForward(9000)
  await page.page.locator('[data-test="new-session"]:enabled').waitFor()
  t.equal(await page.at('problem').count(), 0)
})

t.test('[N1] waiting: the number in its blocks, the time it has, and what to say', async (t) => {
  const page = await TestPage.open(browser, 'about:blank', english)
  t.teardown(() => page.close())
  await page.page.clock.install()
  await page.page.goto(server.origin)
  await page.phase('idle')
  const nowMs = await page.page.evaluate(() => Date.now())
  await page.show({ phase: 'waiting', number: NUMBER, expiresAtMs: nowMs + 600_000 })
  await page.phase('waiting')
  t.equal((await page.at('number').textContent())?.trim(), NUMBER)
  t.match(await page.at('countdown').textContent(), /(10:00|9:59)/)
  await page.page.clock.fastForward(545_000)
  t.match(await page.at('countdown').textContent(), /Only 0:5\d left/)
  const phone = await page.page.locator('aside').textContent()
  t.match(phone, new URL(server.origin).host)
  t.match(phone, NUMBER)
  t.match(phone, 'Anna Berg, Hotline Nord')
})

t.test('[N1] waiting: also the longest number stays within the window', async (t) => {
  const page = await TestPage.open(browser, server.origin, {
    ...english,
    viewport: { width: 1366, height: 768 },
  })
  t.teardown(() => page.close())
  await page.phase('idle')
  for (const number of ['472 918 305 6', '472 918 305 61', '472 918 305 612']) {
    await page.show({ phase: 'waiting', number, expiresAtMs: Date.now() + 600_000 })
    for (const height of [768, 640]) {
      await page.page.setViewportSize({ width: 1366, height })
      const blocks = await page.at('number').locator('span').all()
      const [first, last] = [await blocks.at(0)!.boundingBox(), await blocks.at(-1)!.boundingBox()]
      t.ok(first!.x >= 20 && last!.x + last!.width <= 1346, `${number} at ${height}`)
      t.ok(first!.height > 100, 'and is still large')
    }
  }
})

t.test('waiting: copy, new number, give up', async (t) => {
  const page = await TestPage.open(browser, server.origin, {
    ...english,
    permissions: ['clipboard-read', 'clipboard-write'],
  })
  t.teardown(() => page.close())
  await page.phase('idle')
  await page.show({ phase: 'waiting', number: NUMBER, expiresAtMs: Date.now() + 600_000 })
  await page.at('copy').click()
  await page.page.getByText('Copied').waitFor()
  t.equal(await page.page.evaluate(() => navigator.clipboard.readText()), NUMBER)
  await page.page.keyboard.press('n')
  await page.at('new-number').click()
  await page.page.keyboard.press('Escape')
  await page.at('give-up').click()
  t.same(await page.calls(), ['drawOn', 'newSession', 'newSession', 'end', 'end'])
})

t.test('on the way to the picture the expert reads what the customer sees', async (t) => {
  const page = await TestPage.open(browser, server.origin, english)
  t.teardown(() => page.close())
  await page.phase('idle')
  for (const [view, heading] of [
    [{ phase: 'proving' }, 'Checking the number'],
    [{ phase: 'deciding' }, 'The customer decides'],
    [{ phase: 'connecting', waitingForRecorder: false }, 'Connecting the picture'],
    [{ phase: 'connecting', waitingForRecorder: true }, 'Waiting for the recording'],
  ] as const) {
    await page.show(view)
    await page.phase(view.phase)
    t.equal((await page.page.locator('h1').textContent())?.trim(), heading)
  }
  await page.page.keyboard.press('Escape')
  t.notOk((await page.calls()).includes('end'), 'a slip on Esc does not end it here')
  await page.at('give-up').click()
  t.ok((await page.calls()).includes('end'))
})

t.test('ended: who, why, how long, and on with one key', async (t) => {
  const page = await TestPage.open(browser, server.origin, english)
  t.teardown(() => page.close())
  await page.phase('idle')
  await page.show({ phase: 'deciding' })
  await page.show({ phase: 'ended', reason: 'declined', by: 'customer' })
  await page.phase('ended')
  t.match(await page.at('ended').textContent(), 'did not allow you to view their screen')
  t.match(await page.at('phase').textContent(), /No session came about.*Ended\s*by the customer/s)
  t.notMatch(await page.at('phase').textContent(), 'Duration')
  await page.page.keyboard.press('n')
  t.same((await page.calls()).filter((call) => call === 'newSession').length, 1)

  await page.show({ phase: 'connecting', waitingForRecorder: false })
  await page.show({ ...WATCHING, sinceMs: Date.now() - 125_000 })
  await page.phase('watching')
  await page.show({ phase: 'ended', reason: 'line-lost', by: null })
  await page.phase('ended')
  t.match(await page.at('phase').textContent(), /The session is over.*by the service.*Duration\s*2:0\d/s)
})

t.test('a log-in that no longer counts leads back to the log-in, with the sentence', async (t) => {
  const page = await TestPage.open(browser, server.origin, english)
  t.teardown(() => page.close())
  await page.phase('idle')
  await page.show({ phase: 'idle', problem: 'not-logged-in' })
  await page.phase('login')
  t.match(await page.at('problem').textContent(), 'no longer valid')
  t.ok((await page.calls()).includes('close'))
  t.equal(await page.page.evaluate(() => globalThis.fakeSession.listeners), 0)
})

t.test('the language is the browser’s, and the switch is remembered', async (t) => {
  const page = await TestPage.open(browser, server.origin, { locale: 'de-AT' })
  t.teardown(() => page.close())
  await page.phase('idle')
  t.match(await page.at('new-session').textContent(), 'Neue Sitzung')
  t.equal(await page.page.evaluate(() => document.documentElement.lang), 'de')
  await page.at('language-en').click()
  t.match(await page.at('new-session').textContent(), 'New session')
  await page.page.reload()
  await page.phase('idle')
  t.match(await page.at('new-session').textContent(), 'New session')
  t.equal(await page.page.evaluate(() => document.documentElement.lang), 'en')
})
