import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { LANGUAGES } from '../../../i18n/translator.ts'
import { readReceiptFile } from '../../../peer/receipt/receipt-file.ts'
import { makeReceipt } from '../../fixtures/receipt.ts'
import { until } from '../../fixtures/x-server.ts'
import { insideOf, open, spyBrowser } from './app-window-stage.ts'
import { at, pageTest } from './page-stage.ts'
import { ENDED, NOON_MS } from './screens.ts'
import { get, key, start } from './server-stage.ts'

const FILE = { name: 'Fernhilfe-Beleg-2026-06-01-1345.html', text: (await makeReceipt()).text }
/** Where pictures are left for a person to look at, if one is wanted. */
const PICTURES = process.env.LOTSE_TEST_PICTURES

/** Those with the longest sentences. */
const REASONS = ['customer-ended', 'expert-ended', 'consent-lapsed', 'fingerprint-mismatch'] as const

for (const language of LANGUAGES)
  pageTest(
    language,
    `[R5] the button is in sight without scrolling: ${language}`,
    async (t, { page, show }) => {
      await page.setViewportSize({ width: 460, height: 590 })
      for (const reason of REASONS) {
        await show({ t: 'busy', what: 'ending' })
        await show({ ...ENDED, reason })
        const { y, height } = (await at(page, 'save-receipt').boundingBox())!
        t.ok(y + height <= 590, `${reason}: ends at ${Math.round(y + height)} px`)
      }
    },
  )

const SAID = {
  de: [
    'Anna Beispiel · Technik Nord',
    '1. Juni 2026',
    'Sie haben erlaubt: Bildschirm ansehen, Maus und Tastatur benutzen.',
    '30. August 2026',
  ],
  en: [
    'Anna Beispiel · Technik Nord',
    '1 June 2026',
    'You allowed: see the screen, use mouse and keyboard.',
    '30 August 2026',
  ],
}

for (const language of LANGUAGES) {
  pageTest(
    language,
    `[R5] the last page says the essentials, and one large button saves the receipt: ${language}`,
    async (t, { page, server, did, show }) => {
      server.offer(FILE)
      await show(ENDED)
      const said = (await at(page, 'recording').textContent())!.replace(/\s+/g, ' ')
      for (const part of SAID[language]) t.ok(said.includes(part), `${part} in ${said}`)
      const button = at(page, 'save-receipt')
      t.match(await button.textContent(), language === 'de' ? 'Beleg speichern' : 'Save receipt')
      t.ok((await button.boundingBox())!.height >= 64)
      t.equal(await at(page, 'receipt-saved').locator('p').count(), 0)
      if (PICTURES) await page.screenshot({ path: join(PICTURES, `ended-${language}.png`), fullPage: true })

      // By the keyboard alone: the first stop behind the heading.
      await page.keyboard.press('Tab')
      t.ok(await button.evaluate((node) => node === document.activeElement))
      for (const press of ['Enter', 'Space']) {
        const [download] = await Promise.all([page.waitForEvent('download'), page.keyboard.press(press)])
        t.equal(download.suggestedFilename(), FILE.name)
        t.equal(readFileSync((await download.path())!, 'utf8'), FILE.text, press)
      }
      t.match(await at(page, 'receipt-saved').textContent(), FILE.name)
      t.match(page.url(), /127\.0\.0\.1:\d+\/$/, 'the window has not left its page')
      if (PICTURES) await page.screenshot({ path: join(PICTURES, `saved-${language}.png`), fullPage: true })
      await page.keyboard.press('Tab')
      await page.keyboard.press('Enter')
      t.same(await did(1), [{ t: 'quit' }])
    },
  )
}

pageTest(
  'de',
  '[R5] nothing allowed, nothing recorded, no receipt: the page says each',
  async (t, { page, show }) => {
    await show({ ...ENDED, recordingId: null, receipt: { ...ENDED.receipt, granted: [] } })
    t.match(await at(page, 'granted').textContent(), 'Sie haben nichts erlaubt.')
    t.match(await at(page, 'recording').textContent(), 'Es wurde nichts aufgezeichnet.')
    await show({ t: 'busy', what: 'ending' })
    await show({ ...ENDED, receipt: null })
    t.equal(await at(page, 'save-receipt').count(), 0)
    t.match(await at(page, 'recording').textContent(), 'Ein Beleg ließ sich diesmal nicht erstellen.')
    await page.keyboard.press('Tab')
    t.ok(await at(page, 'quit').evaluate((node) => node === document.activeElement))
  },
)

pageTest('de', '[R5] names on the last page stay text', async (t, { page, show }) => {
  const name = '<img src=x onerror=alert(1)> {{count}} $t(app.title)'
  await show({ ...ENDED, receipt: { ...ENDED.receipt, expert: { name, team: '</p><script>' } } })
  t.match((await at(page, 'who').textContent())!.includes(`${name} · </p><script>`), true)
  t.equal(await at(page, 'screen').locator('img, script').count(), 0)
})

t.test(
  '[L3] the receipt is given to the one page that has the key, to be saved and not to be shown',
  async (t) => {
    const { server, port } = await start(t)
    const cookie = await key(server, port)
    t.equal((await get(port, '/receipt', { cookie })).status, 404, 'none is there yet')
    server.offer({ ...FILE, name: 'a"; filename=b.exe' })
    t.equal((await get(port, '/receipt')).status, 403)
    t.equal((await get(port, '/receipt', { cookie, host: `localhost:${port}` })).status, 421)
    t.equal((await get(port, '/receipt', { cookie }, 'POST')).status, 405)
    const { status, headers, body } = await get(port, '/receipt', { cookie })
    t.equal(status, 200)
    t.equal(headers['content-disposition'], 'attachment; filename="a___filename_b.exe"')
    t.equal(headers['content-type'], 'text/html; charset=utf-8')
    t.equal(body, FILE.text)
    t.equal((await get(port, '/receipt', { cookie }, 'HEAD')).body, '')
  },
)

t.test(
  '[L1] [R5] the app window puts it in the download folder when it is asked to, and nothing before',
  async (t) => {
    const spy = await spyBrowser(t)
    const downloads = join(spy.env.HOME, 'Downloads')
    await mkdir(downloads)
    const window = await open(t, spy)
    window.offer(FILE)
    window.show({ ...ENDED, receipt: { ...ENDED.receipt, endedAtMs: NOON_MS } })
    const page = await insideOf(spy)
    // The debugger must not take the place of what Chromium does with a file by itself.
    const session = await page.context().newCDPSession(page)
    await session.send('Browser.setDownloadBehavior' as never, { behavior: 'default' } as never)
    const button = page.locator('[data-test=save-receipt]')
    await button.waitFor()
    t.same(readdirSync(downloads), [], 'nothing is written before')
    await button.click()
    const saved = join(downloads, FILE.name)
    await until(() => existsSync(saved), { what: 'the receipt in the download folder' })
    t.equal(readFileSync(saved, 'utf8'), FILE.text)
    t.ok(readReceiptFile(readFileSync(saved, 'utf8')))
    await page.context().browser()!.close()
    await window.close()
    t.same(readdirSync(downloads), [FILE.name], 'and it stays when the window goes')
    t.same(readdirSync(spy.env.TMPDIR), [])
  },
)
