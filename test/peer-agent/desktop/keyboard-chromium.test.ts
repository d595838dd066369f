import { chromium } from 'playwright-core'
import t from 'tap'
import { injectorStage } from '../../fixtures/injector-stage.ts'
import { setLayout } from '../../fixtures/keyboard-state.ts'
import { until } from '../../fixtures/x-server.ts'

const FIELD = '<textarea autofocus style="width: 600px; height: 300px"></textarea>'
const SAMPLE = 'Grüße €@ß{}[]\\|~^´ 😀 Ω 漢\n'

t.test('[K5] Chromium gets every character, also the first with a new meaning while it rests', async (t) => {
  const { server, injector } = await injectorStage(t, { windowManager: true })
  await setLayout(server, 'de')
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    headless: false,
    args: ['--no-sandbox', '--ozone-platform=x11'],
    env: { ...process.env, DISPLAY: server.display },
  })
  t.teardown(() => browser.close())
  const page = await browser.newPage()
  await page.setContent(FIELD)
  await page.bringToFront()
  await page.click('textarea')
  let text = ''
  const holds = async (wanted: string) => {
    await until(async () => {
      text = await page.inputValue('textarea')
      return text.length >= wanted.length
    }).catch(() => {})
    return text
  }

  injector.text(SAMPLE)
  t.equal(await holds(SAMPLE), SAMPLE)
  // It reads about new meanings on a line of its own: without waiting, every second of these is wrong.
  let all = SAMPLE
  for (let n = 0; n < 30; n++) {
    const character = String.fromCodePoint(0x4e00 + n)
    all += character
    injector.text(character)
    t.equal(await holds(all), all)
  }
})
