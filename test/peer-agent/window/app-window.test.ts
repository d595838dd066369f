import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { until } from '../../fixtures/x-server.ts'
import { commandLines, insideOf, isAlive, open, spyBrowser, x } from './app-window-stage.ts'
import { ENDED, NUMBER, SHARING } from './screens.ts'

t.test('the window appears near the bottom right, and leaves nothing when it goes', async (t) => {
  const spy = await spyBrowser(t)
  const window = await open(t, spy)
  window.show(NUMBER)

  const geometry = (id: number) =>
    new Promise<{ width: number; height: number; xPos: number; yPos: number }>((resolve, reject) => {
      x.client.GetGeometry(id, (error, value) => {
        if (error) reject(error)
        else resolve(value)
        return true
      })
    })
  const [id] = await x.mappedWindows()
  const { width, height, xPos, yPos } = await geometry(id!)
  t.same({ width, height, x: xPos, y: yPos }, { width: 460, height: 620, x: 882, y: 76 })

  const page = await insideOf(spy)
  await page.locator('[data-screen=number]').waitFor()
  t.match(page.url(), /^http:\/\/127\.0\.0\.1:\d+\/$/, 'no ticket in the address')
  t.equal(
    await page.evaluate(() => matchMedia('(display-mode: browser)').matches),
    false,
    'a window without tabs',
  )
  t.equal(await page.evaluate(() => document.documentElement.lang), 'de')
  await until(async () => (await shades()) > 20, { what: 'the page on the screen' })

  /** Different colours within the window's place: a blank window has one or two. */
  async function shades(): Promise<number> {
    const { rgb, width: rowWidth } = await x.screenshot()
    const seen = new Set<number>()
    for (let row = yPos; row < yPos + height; row += 3)
      for (let column = xPos; column < xPos + width; column += 3) {
        const at = (row * rowWidth + column) * 3
        seen.add(rgb[at]! * 65536 + rgb[at + 1]! * 256 + rgb[at + 2]!)
      }
    return seen.size
  }

  const browser = spy.pid()
  await page.context().browser()!.close()
  await window.close()
  t.notOk(isAlive(browser))
  t.same(readdirSync(spy.env.TMPDIR), [])
  t.same(readdirSync(spy.env.HOME), [], 'nothing was written in the home folder')
  t.same(await x.mappedWindows(), [])
})

t.test('no other user can read the ticket', async (t) => {
  const spy = await spyBrowser(t)
  const window = await open(t, spy)
  t.same(spy.noted('modes').split('\n'), ['600', '700'])
  const [, ticket] = /ticket=([\w-]{22})/.exec(spy.noted('door'))!
  t.notMatch(commandLines(), ticket!)
  t.notMatch(commandLines(), 'ticket=')
  const [scratch] = spy.scratches()
  t.notOk(existsSync(join(spy.env.TMPDIR, scratch!, 'lotse.html')), 'gone once the page is there')
  t.notMatch(spy.noted('env'), 'LOTSE_', 'the browser is not told the agent’s settings')
  await window.close()
})

t.test('[C5] a window that is closed, or killed, is told, and cleaned up after', async (t) => {
  for (const how of ['closed', 'killed']) {
    const spy = await spyBrowser(t)
    const window = await open(t, spy)
    let timesClosed = 0
    const closed = new Promise<void>((resolve) =>
      window.onClosed(() => {
        timesClosed += 1
        resolve()
      }),
    )
    window.show(SHARING)
    if (how === 'closed') await (await insideOf(spy)).close()
    else process.kill(spy.pid(), 'SIGKILL')
    await closed
    await window.close()
    t.same(readdirSync(spy.env.TMPDIR), [], how)
    t.equal(timesClosed, 1)
  }
})

t.test('a page loaded anew is no closed window', async (t) => {
  const spy = await spyBrowser(t)
  const window = await open(t, spy)
  let isClosed = false
  window.onClosed(() => {
    isClosed = true
  })
  window.show(ENDED)
  const page = await insideOf(spy)
  for (let times = 0; times < 3; times += 1) {
    await page.reload()
    await page.locator('[data-screen=ended]').waitFor()
  }
  t.notOk(isClosed)
  const quit = new Promise((resolve) => window.onAction(resolve))
  await page.locator('[data-test=quit]').click()
  t.same(await quit, { t: 'quit' })
  await page.context().browser()!.close()
})
