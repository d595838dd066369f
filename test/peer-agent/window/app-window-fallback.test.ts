import { fork } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { sweepScratch } from '../../../peer-agent/window/scratch.ts'
import { until } from '../../fixtures/x-server.ts'
import { built, debuggedPage, insideOf, isAlive, open, spyBrowser, x } from './app-window-stage.ts'
import { ENDED } from './screens.ts'

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
    // The window may be gone before its debugger has heard of the click: that it goes is what counts.
    await page
      .locator('[data-test=close]')
      .click()
      .catch(() => {})
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
