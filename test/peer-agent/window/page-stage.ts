import type { Page } from 'playwright-core'
import t, { type Test } from 'tap'
import type { Language } from '../../../i18n/translator.ts'
import { formatNumber } from '../../../protocol/number.ts'
import { buildPage, type OpenPage, openPage, startChromium } from './page-in-chromium.ts'
import { NOON_MS } from './screens.ts'

export const built = await buildPage()
export const browser = await startChromium()
t.teardown(async () => {
  await browser.close()
})

export const at = (page: Page, name: string) => page.locator(`[data-test=${name}]`)
export const WHOLE = formatNumber({ nameplate: '123', secret: '456789' })

/** A double click; `between` is what the agent shows meanwhile. */
export async function doubleClick(page: Page, name: string, between: () => Promise<unknown>): Promise<void> {
  const { x, y, width, height } = (await at(page, name).boundingBox())!
  await page.mouse.click(x + width / 2, y + height / 2)
  await between()
  for (const half of ['down', 'up'] as const) await page.mouse[half]({ clickCount: 2 })
}

/** The clock of the page is turned by hand, and the page must have nothing to complain about at the end. */
export function pageTest(
  language: Language,
  name: string,
  run: (t: Test, opened: OpenPage) => Promise<unknown>,
): void {
  t.test(name, async (t) => {
    const opened = await openPage(browser, built.page, language, { atMs: NOON_MS })
    t.teardown(() => opened.close())
    await run(t, opened)
    t.same(opened.complaints, [], 'no error, no warning, nothing against the policy')
  })
}
