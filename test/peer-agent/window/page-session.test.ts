import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { at, browser, built, pageTest } from './page-stage.ts'
import { ENDED, NOON_MS, SHARING } from './screens.ts'

pageTest(
  'de',
  'a new line shows in the title while another window has the focus',
  async (t, { page, server, show }) => {
    await page.evaluate(() => {
      document.hasFocus = () => false
    })
    await show(SHARING)
    t.equal(await page.title(), 'Fernhilfe')
    server.send({ t: 'chat', id: '1', from: 'expert', text: 'Hallo', atMs: NOON_MS, delivered: true })
    await page.waitForFunction(() => document.title.includes('Neue Nachricht'))
    await page.evaluate(() => window.dispatchEvent(new Event('focus')))
    await page.waitForFunction(() => document.title === 'Fernhilfe')
  },
)

pageTest(
  'de',
  '[C5] one click ends, and an end that does not show is offered again',
  async (t, { page, did, show }) => {
    await show(SHARING)
    await at(page, 'end').click()
    await at(page, 'end').click({ force: true })
    t.same(await did(1), [{ t: 'end' }])
    t.match(await at(page, 'screen').textContent(), 'Wird beendet')
    await page.clock.runFor(4_100)
    t.match(await at(page, 'screen').textContent(), 'oder die Taste F11')
    await at(page, 'end').click()
    t.same(await did(2), [{ t: 'end' }, { t: 'end' }])
  },
)

pageTest(
  'en',
  '[R1] a picture that stands still and a lost line are told',
  async (t, { page, server, show }) => {
    await show(SHARING)
    t.equal(await page.locator('.notice').count(), 0)
    const shows = async (screen: typeof SHARING | object, words: string) => {
      server.send({ t: 'screen', screen: { ...SHARING, ...screen } })
      await page.locator('.notice', { hasText: words }).waitFor()
    }
    await shows({ picture: 'frozen', pictureReason: 'recorder-silent' }, 'The recording does not answer')
    await shows({ line: 'lost' }, 'We are reconnecting you')
  },
)

pageTest(
  'de',
  'the last page says why, what was kept until when, and closes',
  async (t, { page, did, show }) => {
    await show(ENDED)
    t.match(await page.textContent('h1'), 'Niemand sieht jetzt Ihren Bildschirm')
    t.equal(await at(page, 'ended-reason').getAttribute('data-reason'), 'expert-ended')
    t.match(await at(page, 'recording').textContent(), '30. August 2026')
    t.equal(await at(page, 'recording-id').textContent(), ENDED.recordingId)
    await at(page, 'quit').click()
    t.same(await did(1), [{ t: 'quit' }])

    await show({ ...ENDED, reason: 'declined', by: 'customer', recordingId: null })
    await page.locator('[data-reason=declined]').waitFor()
    t.match(await at(page, 'recording').textContent(), 'nichts aufgezeichnet')
  },
)

pageTest(
  'de',
  'a page loaded anew shows the same; a second page takes over',
  async (t, { page, server, show }) => {
    await show(SHARING)
    server.send({ t: 'chat', id: '1', from: 'expert', text: 'Hallo', atMs: NOON_MS, delivered: true })
    await page.reload()
    await page.locator('[data-screen=sharing] [data-from=expert]').waitFor()
    t.notMatch(page.url(), 'ticket')

    const second = await page.context().newPage()
    await second.goto(server.origin)
    await second.locator('[data-screen=sharing]').waitFor()
    await page.locator('[data-screen=gone][data-why=elsewhere]').waitFor()
    await second.close()
  },
)

pageTest(
  'de',
  'when the agent takes the window away, a tab that stays says so',
  async (_, { page, server, show }) => {
    await show(ENDED)
    await server.close()
    await page.locator('[data-screen=gone][data-why=finished]').waitFor()
  },
)

t.test('[W3] when the agent is killed, the page says that nobody sees the screen', async (t) => {
  const child = fork(fileURLToPath(new URL('./agent-to-kill.ts', import.meta.url)), [built.folder], {
    execArgv: ['--import=tsx'],
  })
  const [entrance] = (await once(child, 'message')) as [string]
  const page = await browser.newPage()
  await page.goto(entrance)
  await page.locator('[data-screen=sharing]').waitFor()
  child.kill('SIGKILL')
  await page.locator('[data-screen=gone][data-why=stopped]').waitFor()
  const said = await at(page, 'screen').textContent()
  t.match(said, 'The program has stopped.')
  t.match(said, 'Nobody sees your screen any more.')
  t.match(said, 'on the phone')
  await page.close()
})
