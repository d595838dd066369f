import { at, pageTest } from './page-stage.ts'
import { HANDS, NOON_MS } from './screens.ts'

const NASTY = '<b onclick="alert(1)">fett</b> & "$t(app.title)" {{name}}'
const withClipboard = (
  change: Partial<typeof HANDS.clipboard | { wanted: string | null; last: object | null }>,
) => ({ ...HANDS, clipboard: { ...HANDS.clipboard, ...change } }) as typeof HANDS

pageTest('de', 'text that went over is told, with its first words, as text', async (t, { page, show }) => {
  await show(HANDS)
  t.equal(await at(page, 'clipboard-last').count(), 0)
  const news = at(page, 'clipboard-last')
  await show(withClipboard({ last: { from: 'expert', words: NASTY, atMs: NOON_MS } }))
  await news.waitFor()
  t.match(await news.textContent(), 'Anna Beispiel hat Text in Ihre Zwischenablage gelegt:')
  t.equal(await news.locator('q').textContent(), NASTY)
  t.equal(await news.locator('b').count(), 0)
  t.ok(await news.evaluate((node) => node.closest('[role=status]') !== null), 'a screen reader is told')

  await show(withClipboard({ last: { from: 'customer', words: 'Kundennummer', atMs: NOON_MS } }))
  await page.locator('[data-test=clipboard-last][data-from=customer]').waitFor()
  t.match(await news.textContent(), 'Sie haben Anna Beispiel kopierten Text gegeben:')
})

pageTest(
  'de',
  '[C4] giving copied text is asked each time, inert at first, answered once',
  async (t, { page, server, did, show }) => {
    await show(HANDS)
    await show(withClipboard({ wanted: NASTY }))
    const question = page.getByRole('region', { name: 'Anna Beispiel möchte den Text haben' })
    await question.waitFor()
    t.match(await page.title(), 'Bitte antworten Sie')
    t.equal(await question.locator('q').textContent(), NASTY)
    const give = at(page, 'clipboard-give')
    const refuse = at(page, 'clipboard-refuse')
    await give.click({ force: true })
    await page.clock.runFor(690)
    t.ok(await give.isDisabled())
    t.ok(await refuse.isDisabled())
    await page.clock.runFor(20)
    await give.click()
    await give.click({ force: true })
    await refuse.click({ force: true })
    t.same(await did(1), [{ t: 'clipboard-answer', isGiven: true }])

    server.send({ t: 'answer-ignored' })
    await question.locator('[data-test=action-ignored]').waitFor()
    await give.click()
    t.equal(await at(page, 'action-ignored').count(), 0)
    t.same(await did(2), Array(2).fill({ t: 'clipboard-answer', isGiven: true }))
    await show(HANDS)
    await question.waitFor({ state: 'detached' })
    t.equal(await page.title(), 'Fernhilfe')

    await show(withClipboard({ wanted: NASTY }))
    t.ok(await refuse.isDisabled(), 'the next question begins anew')
    await page.clock.runFor(710)
    await refuse.click()
    t.same((await did(3)).at(-1), { t: 'clipboard-answer', isGiven: false })
  },
)

pageTest(
  'de',
  '[C5] a question about the clipboard comes into sight and leaves hide and end in their places',
  async (t, { page, did, show }) => {
    for (const size of [
      { width: 460, height: 680 },
      { width: 320, height: 480 },
    ]) {
      await page.setViewportSize(size)
      await show(HANDS)
      await at(page, 'clipboard-wanted').waitFor({ state: 'detached' })
      await page.evaluate(() => scrollTo(0, 10_000))
      const top = async (name: string) => Math.round((await at(page, name).boundingBox())!.y)
      const places = async () => [await top('hide'), await top('end')]
      const before = await places()
      await show(withClipboard({ wanted: 'Kundennummer 4711' }))
      await at(page, 'clipboard-wanted').waitFor()
      t.same(await places(), before)
      const give = (await at(page, 'clipboard-give').boundingBox())!
      t.ok(give.y >= 0 && give.y + give.height <= before[1]!, 'seen without scrolling')
    }
    await page.clock.runFor(800)
    await at(page, 'clipboard-refuse').click()
    await show(HANDS)
    await at(page, 'end').click()
    t.same(await did(2), [{ t: 'clipboard-answer', isGiven: false }, { t: 'end' }])
  },
)
