import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import t, { type Test } from 'tap'
import de from '../../../i18n/customer.de.json' with { type: 'json' }
import { LANGUAGES } from '../../../i18n/translator.ts'
import { pageHash } from '../../../peer/receipt/receipt-file.ts'
import { receiptSheet } from '../../../peer-agent/receipt/page.ts'
import { CONSENT_EVENTS } from '../../../protocol/consent.ts'
import { END_REASONS } from '../../../protocol/end-reason.ts'
import type { ReceiptFacts } from '../../../protocol/messages/receipt.ts'
import { makeReceipt } from '../../fixtures/receipt.ts'
import { startChromium } from '../window/page-in-chromium.ts'

const browser = await startChromium()
t.teardown(() => browser.close())
/** Where pictures are left for a person to look at, if one is wanted. */
const PICTURES = process.env.LOTSE_TEST_PICTURES

/** Opens the file as the customer would, months later and with no network; nothing else may be asked for. */
async function openFile(t: Test, text: string, width = 900) {
  const path = join(t.testdir({ 'receipt.html': text }), 'receipt.html')
  const context = await browser.newContext({ viewport: { width, height: 1200 }, offline: true })
  t.teardown(() => context.close())
  const page = await context.newPage()
  const wanted: string[] = []
  const noise: string[] = []
  page.on('request', (request) => wanted.push(request.url()))
  page.on('console', (message) => noise.push(message.text()))
  page.on('dialog', (dialog) => {
    noise.push(`dialog ${dialog.message()}`)
    void dialog.dismiss()
  })
  const url = pathToFileURL(path).href
  await page.goto(url)
  t.same(wanted, [url], 'nothing but the file is loaded')
  return { page, noise }
}

for (const language of LANGUAGES) {
  t.test(`[R5] the receipt reads by itself, large and in plain words: ${language}`, async (t) => {
    const { text } = await makeReceipt({ language })
    const { page, noise } = await openFile(t, text)
    const said = (await page.locator('main').textContent())!.replace(/\s+/g, ' ')
    for (const part of [
      'Anna Beispiel · Technik Nord',
      'Telekom Muster',
      'datenschutz@muster.example',
      '11:15:00',
    ])
      t.ok(said.includes(part), part)
    const own = {
      de: [
        'Sonntag, 1. März 2026',
        'Bildschirm ansehen, Maus und Tastatur benutzen',
        '3 Mal',
        '1 min 5 s',
        'Samstag, 30. Mai 2026',
        'Auch der Dienst',
      ],
      en: [
        'Sunday',
        '1 March 2026',
        'see the screen, use mouse and keyboard',
        '3 times',
        '1 min 5 s',
        '30 May 2026',
        'signed as well',
      ],
    }
    for (const part of own[language]) t.ok(said.includes(part), `${part} in ${said}`)
    t.notMatch(said, /\b(receipt|ended|endedScreen)\.\w/, 'every sentence is there')
    t.notMatch(said, /\{\{|undefined|null|NaN/)
    t.equal(await page.locator('.with').isVisible(), true)
    t.equal(await page.locator('.without').isVisible(), false)
    t.equal(await page.locator('html').getAttribute('lang'), language)
    const sizes = await page
      .locator('main *')
      .evaluateAll((all) => all.map((one) => Number.parseFloat(getComputedStyle(one).fontSize)))
    t.ok(Math.min(...sizes) >= 18, `smallest letters ${Math.min(...sizes)} px`)
    for (const width of [900, 360]) {
      await page.setViewportSize({ width, height: 1200 })
      t.equal(
        await page.evaluate(() => document.documentElement.scrollWidth - innerWidth),
        0,
        `fits ${width} px`,
      )
    }
    t.same(noise, [])
    if (PICTURES) {
      mkdirSync(PICTURES, { recursive: true })
      await page.setViewportSize({ width: 900, height: 1200 })
      await page.screenshot({ path: join(PICTURES, `receipt-${language}.png`), fullPage: true })
      writeFileSync(join(PICTURES, `receipt-${language}.pdf`), await page.pdf({ format: 'A4' }))
    }
  })
}

t.test('[R5] without the service’s signature the page says so, and nothing else', async (t) => {
  const { page } = await openFile(t, (await makeReceipt({ isCountersigned: false })).text)
  t.equal(await page.locator('.with').isVisible(), false)
  t.match(await page.locator('.without').textContent(), /nicht mit unterschrieben/)
})

const HOSTILE = [
  '<script>document.title="pwned"</script>',
  '</script><script>document.title="pwned"</script>',
  '"><img src=x onerror=document.title="pwned">',
  '\'><svg/onload=document.title="pwned">',
  '<!--<script>',
  ']]></style><h1>Beleg</h1>',
  '{{operatorName}} $t(app.title) \\u003cb\\u003e',
  '&lt;b&gt; &amp;amp;',
  'Anna \u202eanrednA\u2066',
  '<script type="application/json" id="lotse-receipt" data-countersigned="yes">{}</script>',
]

t.test('[R5] names from outside stay text, on the page and in the data', async (t) => {
  for (const [at, hostile] of HOSTILE.entries()) {
    await t.test(`${at}: ${hostile.replace(/[^ -~]/g, '?')}`, async (t) => {
      const given = { name: hostile.slice(0, 80), team: hostile.slice(0, 80) }
      const { text } = await makeReceipt({
        expert: given,
        operatorName: hostile.slice(0, 80),
        contact: hostile,
      })
      const { page, noise } = await openFile(t, text)
      t.match(await page.title(), /^Beleg über die Fernhilfe/)
      t.equal(await page.locator('script').count(), 1)
      t.equal(await page.locator('img, svg, iframe, link').count(), 0)
      t.equal(await page.locator('h1').count(), 1)
      const shown = hostile.replace(/[\u202e\u2066]/g, '\ufffd')
      t.equal(await page.locator('.ask strong').textContent(), shown)
      const data = await page.locator('#lotse-receipt').evaluate((one) => JSON.parse(one.textContent!))
      t.same(JSON.parse(data.receipt.document).expert, given, 'the data has it as it came')
      t.same(noise, [])
    })
  }
})

t.test('[C7] there is a sentence for everything that can have happened', async (t) => {
  const { text } = await makeReceipt()
  const data = JSON.parse(/lotse-receipt"[^>]*>([^<]*)</.exec(text)![1]!)
  const facts = JSON.parse(data.receipt.document) as ReceiptFacts
  const subjects = ['view', 'control', 'admin', 'go-on'] as const
  const consent = CONSENT_EVENTS.flatMap((event) => subjects.map((subject) => ({ atMs: 0, event, subject })))
  for (const language of LANGUAGES)
    for (const reason of END_REASONS)
      for (const by of ['customer', 'expert', 'recorder', null] as const) {
        const { page, fileName } = receiptSheet({ ...facts, consent, ended: { reason, by } }, language, 'UTC')
        t.notMatch(page.after, /\b(receipt|ended)\.\w/, `${language} ${reason} ${by}`)
        t.match(fileName, /^[\w.-]+\.html$/)
      }
  t.equal(Object.keys(de.receipt.event).length, CONSENT_EVENTS.length)
})

t.test('[R5] what the page says is what was signed: each sheet has its own hash', async (t) => {
  const { text } = await makeReceipt()
  const data = JSON.parse(/lotse-receipt"[^>]*>([^<]*)</.exec(text)![1]!)
  const { page: hash, ...facts } = JSON.parse(data.receipt.document)
  t.equal(pageHash(receiptSheet(facts, 'de', 'Europe/Berlin').page), hash)
  t.not(pageHash(receiptSheet(facts, 'en', 'Europe/Berlin').page), hash)
  t.not(pageHash(receiptSheet({ ...facts, contact: 'else' }, 'de', 'Europe/Berlin').page), hash)
})
