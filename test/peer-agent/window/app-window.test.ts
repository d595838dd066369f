import { fork } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'
import t, { type Test } from 'tap'
import { sweepScratch } from '../../../peer-agent/window/scratch.ts'
import { openCustomerWindow } from '../../../peer-agent/window/window.ts'
import { startXServer, until } from '../../fixtures/x-server.ts'
import { buildPage } from './page-in-chromium.ts'
import { ENDED, NUMBER, SHARING } from './screens.ts'

/** The real window: Debian's Chromium in app mode on a virtual display of our own. */

const MONITOR = { x: 0, y: 0, width: 1366, height: 768 }
/** Before a test gives this process another one. */
const COMMON_TMP = tmpdir()
const built = await buildPage()
const x = await startXServer({ width: MONITOR.width, height: MONITOR.height })
t.teardown(async () => {
  await x.close()
  await built.remove()
})

/** A Chromium that notes how it was called before it starts, in a temporary folder and a home of its own. */
async function spyBrowser(t: Test) {
  const folder = await mkdtemp(join(COMMON_TMP, 'lotse-test-'))
  t.teardown(() => rm(folder, { recursive: true, force: true, maxRetries: 10 }))
  for (const name of ['tmp', 'home']) mkdirSync(join(folder, name))
  const path = join(folder, 'chromium')
  writeFileSync(
    path,
    `#!/bin/sh
env > ${folder}/env
for word; do
  case $word in --app=file://*)
    door="\${word#--app=file://}"
    stat -c %a "$door" "$(dirname "$door")" > ${folder}/modes
    cp "$door" ${folder}/door
  esac
done
echo $$ > ${folder}/pid
exec /usr/bin/chromium "$@"
`,
  )
  chmodSync(path, 0o755)
  const { XDG_CONFIG_HOME: _config, XDG_CACHE_HOME: _cache, ...inherited } = process.env
  return {
    folder,
    scratches: () => readdirSync(join(folder, 'tmp')).filter((name) => name.startsWith('lotse-window-')),
    noted: (name: string) => readFileSync(join(folder, name), 'utf8').trim(),
    pid: () => Number(readFileSync(join(folder, 'pid'), 'utf8')),
    env: {
      ...inherited,
      HOME: join(folder, 'home'),
      TMPDIR: join(folder, 'tmp'),
      LOTSE_BROWSER: path,
      LOTSE_BROWSER_FLAGS: '--remote-debugging-port=0 --disable-gpu --disable-quic',
      LOTSE_AGENT_SETTINGS: '{"number":"123 456 789 0"}',
    },
  }
}
type SpyBrowser = Awaited<ReturnType<typeof spyBrowser>>

/** The page inside the app window. */
function insideOf(spy: SpyBrowser) {
  const [scratch] = spy.scratches()
  return debuggedPage(join(spy.env.TMPDIR, scratch!, 'profile'))
}

/** The page of a running Chromium, reached by its own debugging port. */
async function debuggedPage(profile: string) {
  const portFile = join(profile, 'DevToolsActivePort')
  await until(() => existsSync(portFile), { what: 'the debugging port' })
  const [port] = readFileSync(portFile, 'utf8').split('\n')
  const debugged = await chromium.connectOverCDP(`http://127.0.0.1:${port}`)
  return debugged.contexts()[0]!.pages()[0]!
}

const isAlive = (pid: number) =>
  existsSync(`/proc/${pid}`) && !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))

function commandLines(): string {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
      } catch {
        return ''
      }
    })
    .join('\n')
}

async function open(t: Test, spy: { env: SpyBrowser['env'] }) {
  // The temporary folder of this process is where the agent makes its own.
  process.env.TMPDIR = spy.env.TMPDIR
  const window = await openCustomerWindow({
    language: 'de',
    monitor: MONITOR,
    display: x.display,
    pageFolder: built.folder,
    env: spy.env,
    absenceMs: 2_000,
  })
  t.teardown(() => window.close())
  return window
}

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

t.test(
  '[L1] when the agent is killed the window says so, can be closed, and the next run sweeps',
  async (t) => {
    const spy = await spyBrowser(t)
    const agent = fork(
      fileURLToPath(new URL('./agent-with-window.ts', import.meta.url)),
      [x.display, built.folder],
      {
        execArgv: ['--import=tsx'],
        env: spy.env,
      },
    )
    await once(agent, 'message')
    const page = await insideOf(spy)
    agent.kill('SIGKILL')
    await page.locator('[data-screen=gone][data-why=stopped]').waitFor()
    await sweepScratch(spy.env.TMPDIR)
    t.equal(spy.scratches().length, 1, 'the window still stands')
    const browser = spy.pid()
    await page.locator('[data-test=close]').click()
    await until(() => !isAlive(browser), { what: 'the browser to go' })
    await until(
      async () => {
        await sweepScratch(spy.env.TMPDIR)
        return spy.scratches().length === 0
      },
      { what: 'the sweep' },
    )
  },
)

t.test(
  'a tab of the everyday browser is opened, left standing at the end, and says it is over',
  async (t) => {
    const spy = await spyBrowser(t)
    const everyday = join(spy.folder, 'everyday')
    const opener = join(spy.folder, 'xdg-open')
    writeFileSync(
      opener,
      `#!/bin/sh
/usr/bin/chromium --headless --no-sandbox --disable-gpu --remote-debugging-port=0 --user-data-dir=${everyday} "$1" &
echo $! > ${spy.folder}/pid
`,
    )
    chmodSync(opener, 0o755)
    const window = await open(t, { ...spy, env: { ...spy.env, LOTSE_BROWSER: opener } })
    t.teardown(() => process.kill(spy.pid(), 'SIGTERM'))
    let isClosed = false
    window.onClosed(() => {
      isClosed = true
    })
    window.show(ENDED)
    const page = await debuggedPage(everyday)
    await page.locator('[data-screen=ended]').waitFor()
    t.notOk(isClosed, 'that the opener is gone means nothing')
    await window.close()
    await page.locator('[data-screen=gone][data-why=finished]').waitFor()
    t.ok(isAlive(spy.pid()), 'the browser is not ours to end')
    t.same(spy.scratches(), [])
    await page.context().browser()!.close()
  },
)
