import type { Page } from 'playwright-core'
import t from 'tap'
import { LANGUAGES } from '../../../i18n/translator.ts'
import type { Screen } from '../../../peer-agent/window/view.ts'
import { buildPage, openPage, startChromium } from './page-in-chromium.ts'
import {
  ADMIN,
  BUSY,
  ENDED,
  EXPERT_HOLDS,
  HANDS,
  HIDDEN,
  NOON_MS,
  NUMBER,
  QUESTION,
  SHARING,
} from './screens.ts'

const built = await buildPage()
const browser = await startChromium()
t.teardown(async () => {
  await browser.close()
})

const WORDS =
  'Meine Kundennummer ist 4711, und https://www.telekom-muster.de/hilfe/drucker-einrichten/windows'

/** Each kind of screen in the state that needs most room. */
const SCREENS: Screen[] = [
  { ...NUMBER, problem: 'no-service' },
  BUSY,
  { ...QUESTION, subject: 'control' },
  { ...QUESTION, subject: 'admin', expiresAtMs: NOON_MS + 8_000 },
  { ...QUESTION, subject: 'go-on', expiresAtMs: NOON_MS + 8_000 },
  { ...HANDS, because: 'picture', picture: 'frozen', pictureReason: 'recorder-disk-full' },
  { ...SHARING, line: 'lost' },
  EXPERT_HOLDS,
  HANDS,
  HIDDEN,
  { ...ADMIN, holder: 'customer', because: 'picture', picture: 'card', pictureReason: 'hidden' },
  {
    ...ADMIN,
    clipboard: { isOn: true, wanted: WORDS, last: { from: 'expert', words: WORDS, atMs: NOON_MS } },
  },
  { ...ENDED, reason: 'consent-lapsed' },
]

/** What an old eye or an unsteady hand would stumble over on the page as it is drawn now. */
function obstacles(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = []
    const rgb = (color: string) => (color.match(/[\d.]+/g) ?? []).map(Number)
    const luminance = (color: string) => {
      const [r, g, b] = rgb(color).map((value) => {
        const part = value / 255
        return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
      })
      return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!
    }
    const ground = (element: Element | null): string => {
      if (!element) return 'rgb(255, 255, 255)'
      const { backgroundColor } = getComputedStyle(element)
      return rgb(backgroundColor)[3] === 0 ? ground(element.parentElement) : backgroundColor
    }
    if (document.documentElement.scrollWidth > document.documentElement.clientWidth)
      found.push(
        `wider than the window by ${document.documentElement.scrollWidth - document.documentElement.clientWidth} px`,
      )
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    while (texts.nextNode()) {
      const said = texts.currentNode.textContent?.trim()
      const element = texts.currentNode.parentElement!
      if (!said || element.closest('.spoken-only, :disabled')) continue
      const style = getComputedStyle(element)
      if (Number.parseFloat(style.fontSize) < 20) found.push(`${style.fontSize}: ${said}`)
      const [light, dark] = [luminance(style.color), luminance(ground(element))].sort((a, b) => b - a)
      const contrast = (light! + 0.05) / (dark! + 0.05)
      if (contrast < 4.5) found.push(`contrast ${contrast.toFixed(1)}: ${said}`)
      const box = element.closest('button, p, li, label, h1')
      if (box && style.overflowX === 'visible' && box.scrollWidth > box.clientWidth + 1)
        found.push(`wider than its place: ${said}`)
    }
    for (const target of document.querySelectorAll('button, input, textarea, select, summary')) {
      const { height, width } = (target.closest('.switch') ?? target).getBoundingClientRect()
      const least = target.matches('[data-test^=answer], [data-test=end], [data-test=hide], [data-test=show]')
        ? 64
        : 48
      if (Math.round(height) < least || width < least)
        found.push(`${target.getAttribute('data-test')} is ${width} x ${height}`)
      if (!target.textContent?.trim() && !(target as HTMLInputElement).labels?.length)
        found.push(`${target.getAttribute('data-test')} has no name`)
    }
    return found
  })
}

const VIEWS = [
  { name: 'as it opens', viewport: { width: 460, height: 680 }, colorScheme: 'light' },
  { name: 'small, dark', viewport: { width: 420, height: 620 }, colorScheme: 'dark' },
  { name: 'enlarged, dark', viewport: { width: 1366, height: 768 }, colorScheme: 'dark' },
  { name: 'at 200 %', viewport: { width: 230, height: 340 }, colorScheme: 'light' },
] as const

for (const { name, ...view } of VIEWS) {
  for (const language of LANGUAGES) {
    t.test(`every screen can be read and pressed: ${name}, ${language}`, async (t) => {
      const { page, server, show, close } = await openPage(browser, built.page, language, {
        ...view,
        atMs: NOON_MS,
      })
      t.teardown(close)
      const line = { t: 'chat', id: '1', from: 'expert', atMs: NOON_MS, delivered: true } as const
      server.send({ ...line, text: 'Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen' })
      server.send({ ...line, id: '2', from: 'customer', text: 'Ja, das sehe ich auch so.' })
      for (const screen of SCREENS) {
        await show(screen)
        await page.evaluate(() => document.querySelector('details')?.setAttribute('open', ''))
        server.send({ t: 'answer-ignored' })
        await page.clock.runFor(1_000)
        t.same(await obstacles(page), [], JSON.stringify(screen))
      }
    })
  }
}

t.test('both answers and the end button are in sight without scrolling', async (t) => {
  for (const language of LANGUAGES) {
    const { page, show, close } = await openPage(browser, built.page, language, {
      viewport: { width: 420, height: 620 },
      atMs: NOON_MS,
    })
    t.teardown(close)
    const reach = (name: string) =>
      page
        .locator(`[data-test=${name}]`)
        .evaluate((node) => innerHeight - node.getBoundingClientRect().bottom)
    for (const subject of ['view', 'control', 'admin', 'go-on'] as const) {
      await show({ ...QUESTION, subject })
      await page.locator(`[data-subject=${subject}]`).waitFor()
      t.ok((await reach('answer-no')) >= 0, `${language} ${subject}: no`)
      t.ok((await reach('answer-yes')) >= 0, `${language} ${subject}: yes`)
    }
    await show({ ...HANDS, picture: 'frozen', pictureReason: 'recorder-disk-full' })
    t.ok((await reach('end')) >= 0, `${language}: end`)
    t.ok((await reach('hide')) >= 0, `${language}: hide`)
    await show({ ...NUMBER, problem: 'no-service' })
    t.ok((await reach('number-submit')) >= 0, `${language}: submit`)
  }
})

t.test('while the expert steers, the window as it opens on a small monitor shows all of it', async (t) => {
  for (const language of LANGUAGES) {
    const { page, show, close } = await openPage(browser, built.page, language, {
      viewport: { width: 460, height: 620 },
      atMs: NOON_MS,
    })
    t.teardown(close)
    await show(EXPERT_HOLDS)
    const top = (name: string) =>
      page.locator(`[data-test=${name}]`).evaluate((node) => node.getBoundingClientRect().top)
    const bottom = (name: string) =>
      page.locator(`[data-test=${name}]`).evaluate((node) => node.getBoundingClientRect().bottom)
    t.ok((await top('holder')) >= 0)
    t.ok((await bottom('chat-send')) <= (await top('end')), `${language}: a message can be written and sent`)
  }
})
