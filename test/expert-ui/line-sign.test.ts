import t from 'tap'
import { launch, TestPage } from './browser.ts'
import { buildTestPage } from './page-build.ts'
import { servePage } from './page-server.ts'
import { STEERING, WATCHING } from './sample-watching.ts'

const built = await buildTestPage()
const server = await servePage(built.folder)
const browser = await launch()
const page = await TestPage.open(browser, server.origin, { locale: 'de-DE', reducedMotion: 'reduce' })
t.teardown(async () => {
  await browser.close()
  await server.close()
})

async function watch(): Promise<void> {
  await page.phase('idle')
  await page.show({ phase: 'connecting', waitingForRecorder: false })
  await page.show(WATCHING)
  await page.phase('watching')
}

const SIGNS = [
  ['good', 'Leitung: gut', ''],
  ['fair', 'Leitung: mäßig, große Änderungen kommen erst grob', 'Leitung mäßig'],
  ['poor', 'Leitung: schwach, Text zuerst', 'Leitung schwach'],
] as const

t.test(
  'a sign says how the line is and what that means; it is marked only where it is not good',
  async (t) => {
    await watch()
    const sign = page.at('line-quality')
    const ground = () => sign.evaluate((chip) => getComputedStyle(chip).backgroundColor)
    const plain = await ground()
    for (const [lineQuality, sentence, word] of SIGNS) {
      await page.show({ ...STEERING, lineQuality })
      await page.page.locator(`[data-quality="${lineQuality}"]`).waitFor()
      t.equal(await sign.getAttribute('title'), sentence)
      t.equal(await sign.locator('.heard-only').textContent(), sentence, 'for screen readers too')
      t.equal(await sign.locator('[aria-hidden]:not(svg)').allTextContents().then(String), word)
      t.equal((await ground()) === plain, lineQuality === 'good', `${lineQuality} is marked or not`)
    }
    t.equal(await sign.getAttribute('role'), 'status', 'it is read out when it changes')
    await page.show({ ...STEERING, line: 'lost', lineQuality: 'poor' })
    await sign.waitFor({ state: 'detached' })
  },
)

t.test('what comes first is told at once, told when it changes, and remembered', async (t) => {
  const said = async () => (await page.calls()).filter((call) => call.startsWith('prefer'))
  const pressed = (name: string) => page.at(name).getAttribute('aria-pressed')
  await page.page.reload()
  await watch()
  t.same(await said(), ['prefer sharp'], 'sharp until said otherwise')
  t.equal(await pressed('prefer-sharp'), 'true')
  await page.at('prefer-smooth').click()
  t.same(await said(), ['prefer sharp', 'prefer smooth'])
  t.equal(await pressed('prefer-smooth'), 'true')
  t.equal(await pressed('prefer-sharp'), 'false')
  t.equal(
    await page.at('prefer-smooth').getAttribute('title'),
    'Flüssig zuerst: Bewegung bleibt flüssig und wird in der Ruhe scharf',
  )

  await page.page.reload()
  await watch()
  t.same(await said(), ['prefer smooth'], 'in the next session too')
  await page.show({ ...WATCHING, level: null })
  t.same(await said(), ['prefer smooth'], 'nothing else makes it say so again')
  t.same(page.troubles, [])
})
