import { at, doubleClick, pageTest } from './page-stage.ts'
import { NOON_MS, QUESTION, SHARING } from './screens.ts'

const GO_ON = { ...QUESTION, subject: 'go-on', expiresAtMs: NOON_MS + 120_000 } as const

pageTest(
  'de',
  '[C8] after half an hour the customer is asked whether to go on, and no answer ends',
  async (t, { page, did, show }) => {
    await show(GO_ON)
    t.equal(await at(page, 'screen').getAttribute('data-subject'), 'go-on')
    t.equal((await page.textContent('h1'))!.trim(), 'Soll Anna Beispiel weiter helfen?')
    t.match(await at(page, 'screen').textContent(), 'Ohne Antwort endet die Fernhilfe.')
    t.match(await page.title(), 'Bitte antworten Sie')
    await page.clock.runFor(800)
    t.equal((await at(page, 'answer-no').textContent())!.trim(), 'Nein, beenden')
    t.equal((await at(page, 'answer-yes').textContent())!.trim(), 'Ja, weiter helfen')
    t.equal(await at(page, 'countdown').count(), 0, 'two minutes are no hurry')
    await page.clock.runFor(99_600)
    t.match(await at(page, 'countdown').textContent(), /20\sSekunden, dann wird beendet/)
    await page.clock.runFor(20_000)
    t.ok(await at(page, 'answer-yes').isDisabled())
    t.match(await page.textContent('[role=alert]'), 'Die Fernhilfe wird beendet.')
    t.same(await did(0), [])
  },
)

pageTest('de', '[C4] a double click on Yes does not become End', async (t, { page, did, show }) => {
  await show(QUESTION)
  await page.clock.runFor(800)
  const { x, y, width, height } = (await at(page, 'answer-yes').boundingBox())!
  const place = [x + width * 0.75, y + height * 0.9] as const
  await page.mouse.click(...place)
  await show(SHARING)
  const under = await page.evaluate(
    ([x, y]) => document.elementFromPoint(x!, y!)?.closest('button')?.getAttribute('data-test'),
    place,
  )
  t.equal(under, 'end', 'it stands where Yes stood')
  for (const half of ['down', 'up'] as const) await page.mouse[half]({ clickCount: 2 })
  t.same(await did(1), [{ t: 'answer', subject: 'view', granted: true }])
  await page.mouse.click(...place)
  t.same((await did(2)).slice(1), [{ t: 'end' }], 'a click of its own ends')
})

pageTest('de', '[C4] a double click that began too early answers nothing', async (t, { page, did, show }) => {
  await show(QUESTION)
  await page.clock.runFor(690)
  await doubleClick(page, 'answer-yes', async () => {
    await page.clock.runFor(20)
    t.ok(await at(page, 'answer-yes').isEnabled())
  })
  t.same(await did(0), [])
  await at(page, 'answer-no').click()
  t.same(await did(1), [{ t: 'answer', subject: 'view', granted: false }])
})

pageTest(
  'en',
  '[C2] every question says what it allows and what a No means, and its answer what it answers',
  async (t, { page, did, show }) => {
    const questions = {
      view: ['see your screen', 'cannot click or type', 'You can stop at any time', 'Yes, let them see'],
      control: [
        'help with mouse and keyboard',
        'can then click and type',
        'goes on looking only',
        'let them help',
      ],
      admin: ['administrator rights', 'install programs', 'everything stays as it is', 'Yes, allow'],
      'go-on': ['keep helping?', 'Without an answer', 'You can stop at any time', 'Yes, keep helping'],
    } as const
    let answers = 0
    for (const [subject, words] of Object.entries(questions)) {
      for (const granted of [true, false]) {
        answers += 1
        // Between two questions about the same: else the one before, answered, would be taken for this one.
        await show({ t: 'busy', what: 'connecting' })
        await show({
          ...QUESTION,
          subject: subject as keyof typeof questions,
          expiresAtMs: NOON_MS + 60_000 + answers,
        })
        await page.locator(`[data-subject=${subject}]`).waitFor()
        await page.clock.runFor(800)
        const said = (await at(page, 'screen').textContent())!.replace(/\s+/g, ' ')
        for (const part of [...words, 'Anna Beispiel']) t.match(said, part)
        await at(page, granted ? 'answer-yes' : 'answer-no').dblclick({ force: true })
        t.same((await did(answers)).slice(answers - 1), [{ t: 'answer', subject, granted }])
      }
    }
  },
)
