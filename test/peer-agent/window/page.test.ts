import { at, pageTest, WHOLE } from './page-stage.ts'
import { BUSY, NOON_MS, NUMBER, QUESTION, SHARING } from './screens.ts'

pageTest('de', '[N2] a typo is told at once, and nothing is sent', async (t, { page, did, show }) => {
  await show(NUMBER)
  const field = at(page, 'number-input')
  t.ok(await field.evaluate((input) => input === document.activeElement), 'the field waits for digits')
  await page.keyboard.type('123456799')
  await page.clock.runFor(2_000)
  t.equal(await at(page, 'number-problem').count(), 0, 'not while the number is still being typed')
  await page.keyboard.type('0')
  t.equal(await field.inputValue(), '123 456 799 0')
  await page.clock.runFor(2_000)
  t.match(await at(page, 'number-problem').textContent(), 'Ziffer')
  await at(page, 'number-submit').click()
  t.match(await at(page, 'number-problem').textContent(), 'Ziffer')
  t.ok(await field.evaluate((input) => input === document.activeElement), 'the field has the focus again')

  await page.keyboard.press('Backspace')
  t.equal(await at(page, 'number-problem').count(), 0, 'the complaint goes as soon as something is changed')
  await page.keyboard.press('Enter')
  t.match(await at(page, 'number-problem').textContent(), 'fehlen')
  t.same(await did(0), [])
})

pageTest('de', 'a number is taken as typed or pasted, once', async (t, { page, did, show }) => {
  await show(NUMBER)
  await page.keyboard.insertText(WHOLE.replaceAll(' ', '-'))
  t.equal(await at(page, 'number-input').inputValue(), WHOLE)
  await page.clock.runFor(2_000)
  t.equal(await at(page, 'number-problem').count(), 0)
  await page.keyboard.press('Enter')
  await page.keyboard.press('Enter')
  await at(page, 'number-submit').click({ force: true })
  await show(BUSY)
  t.same(await did(1), [{ t: 'number', typed: WHOLE }])

  await show({ ...NUMBER, problem: 'number-used' })
  t.match(await at(page, 'number-problem').textContent(), 'schon benutzt')
  t.equal(await at(page, 'number-input').inputValue(), '', 'a used number is not offered again')
  await page.keyboard.type('abc')
  t.match(await at(page, 'number-problem').textContent(), 'nur Ziffern')
})

pageTest('en', '[N4] a slowed customer sees how long to wait', async (t, { page, did, show }) => {
  await show({ ...NUMBER, problem: 'slow-down', retryAfterSeconds: 30 })
  await page.keyboard.insertText(WHOLE)
  t.match(await at(page, 'number-submit').textContent(), /Please wait 30\sseconds/)
  await page.clock.runFor(29_000)
  t.match(await at(page, 'number-submit').textContent(), /Please wait 1\ssecond$/m)
  await page.keyboard.press('Enter')
  t.same(await did(0), [])
  await page.clock.runFor(1_250)
  await page.keyboard.press('Enter')
  await show(BUSY)
  t.same(await did(1), [{ t: 'number', typed: WHOLE }])
})

pageTest(
  'de',
  '[C4] a consent button is inert at first, and never answered by a key meant for something else',
  async (t, { page, did, show }) => {
    await show(NUMBER)
    await show(QUESTION)
    const yes = at(page, 'answer-yes')
    const no = at(page, 'answer-no')
    const focused = () => page.evaluate(() => document.activeElement?.tagName)
    t.equal(await focused(), 'H1', 'the question itself is read first')
    t.ok(await yes.isDisabled())
    t.ok(await no.isDisabled())
    await page.clock.runFor(690)
    await yes.click({ force: true })
    await page.keyboard.press('Enter')
    await page.keyboard.press('Space')
    t.ok(await yes.isDisabled())
    await page.clock.runFor(20)
    t.notOk(await yes.isDisabled())
    t.notOk(await no.isDisabled())
    t.notMatch(await focused(), /BUTTON/, 'no button is preselected')
    for (const key of ['Enter', 'Space', 'y', 'j', 'Escape']) await page.keyboard.press(key)
    const box = async (button: typeof yes) => button.boundingBox()
    const [a, b] = [await box(yes), await box(no)]
    t.same([a!.width, a!.height], [b!.width, b!.height], 'both answers have the same size')
    t.ok(a!.height >= 64)
    const looks = (button: typeof yes) =>
      button.evaluate((node) => {
        const { color, backgroundColor, borderColor, fontWeight } = getComputedStyle(node)
        return [color, backgroundColor, borderColor, fontWeight]
      })
    await yes.hover()
    t.same(await looks(yes), await looks(no), 'and the same looks, wherever the mouse rests')
    t.same(await did(0), [])

    await yes.click()
    await yes.click({ force: true })
    await no.click({ force: true })
    t.same(await did(1), [{ t: 'answer', subject: 'view', granted: true }])
  },
)

pageTest(
  'de',
  '[C4] an answer that was not the customer’s own is asked for again',
  async (t, { page, server, did, show }) => {
    await show(QUESTION)
    await page.clock.runFor(800)
    await at(page, 'answer-no').click()
    server.send({ t: 'answer-ignored' })
    await at(page, 'answer-ignored').waitFor()
    t.match(await at(page, 'answer-ignored').textContent(), 'eigenen Maus')
    await at(page, 'answer-no').click()
    await at(page, 'answer-ignored').waitFor({ state: 'detached' })
    t.same(await did(2), Array(2).fill({ t: 'answer', subject: 'view', granted: false }))

    await show({ ...QUESTION, subject: 'control', expiresAtMs: NOON_MS + 50_000 })
    await page.locator('[data-subject=control]').waitFor()
    t.equal(await at(page, 'answer-ignored').count(), 0, 'the next question begins anew')
    t.ok(await at(page, 'answer-yes').isDisabled())
  },
)

pageTest(
  'de',
  '[C2] the time to answer is counted down at the end only, and no answer is No',
  async (t, { page, did, show }) => {
    await show(QUESTION)
    await page.clock.runFor(39_000)
    t.equal(await at(page, 'countdown').count(), 0)
    await page.clock.runFor(1_250)
    t.match(await at(page, 'countdown').textContent(), /20\sSekunden/)
    await page.clock.runFor(18_750)
    t.match(await at(page, 'countdown').textContent(), /1\sSekunde\./)
    await page.clock.runFor(1_250)
    t.ok(await at(page, 'answer-yes').isDisabled())
    t.match(await page.textContent('[role=alert]'), 'gilt als Nein')
    t.same(await did(0), [])
  },
)

pageTest('en', 'a question says who asks, for what, and what is kept', async (t, { page, show }) => {
  await show(QUESTION)
  const said = (await at(page, 'screen').textContent())!.replace(/\s+/g, ' ')
  t.equal(await page.title(), '● Please answer')
  for (const part of [
    'Anna Beispiel',
    'Technik Nord',
    'Telekom Muster',
    'cannot click',
    'kept for 90 days, then deleted',
  ])
    t.match(said, part)
})

pageTest(
  'de',
  'chat is text, in the right order, and says what arrived',
  async (t, { page, server, did, show }) => {
    await show(SHARING)
    const nasty = '<script>alert(1)</script><img src=x onerror=alert(1)> & "ä€😀"'
    server.send({ t: 'chat', id: '1', from: 'expert', text: nasty, atMs: NOON_MS, delivered: true })
    const log = at(page, 'chat-log')
    await log.locator('li[data-from=expert]').waitFor()
    t.match((await log.textContent())!.includes(nasty), true)
    t.equal(await log.locator('script, img').count(), 0)

    const input = at(page, 'chat-input')
    await input.fill('Erste Zeile')
    await input.press('Shift+Enter')
    await page.keyboard.type('zweite')
    await input.press('Enter')
    await input.press('Enter')
    await input.fill('   ')
    await input.press('Enter')
    t.ok(await at(page, 'chat-send').isDisabled(), 'nothing to send')
    await input.fill(nasty)
    await at(page, 'chat-send').click()
    await page.waitForFunction(() => document.querySelector('textarea')?.value === '')
    t.same(await did(2), [
      { t: 'chat', text: 'Erste Zeile\nzweite' },
      { t: 'chat', text: nasty },
    ])

    const mine = { t: 'chat', id: '2', from: 'customer', text: nasty, atMs: NOON_MS } as const
    server.send({ ...mine, delivered: false })
    await log.locator('li[data-from=customer][data-delivered=false]').waitFor()
    server.send({ ...mine, delivered: true })
    await log.locator('li[data-from=customer][data-delivered=true]').waitFor()
    t.equal(await log.locator('li[data-from=customer]').count(), 1)
    t.match(await log.locator('li[data-from=customer]').textContent(), 'angekommen')
  },
)

pageTest('de', 'what was typed outlives a question asked in between', async (t, { page, show }) => {
  await show(SHARING)
  await at(page, 'chat-input').fill('halb fertig')
  await show({ ...QUESTION, subject: 'control' })
  await show(SHARING)
  t.equal(await at(page, 'chat-input').inputValue(), 'halb fertig')
})
