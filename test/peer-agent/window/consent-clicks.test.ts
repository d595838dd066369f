import { chromium, type Page } from 'playwright-core'
import t from 'tap'
import { systemClock } from '../../../peer/clock.ts'
import { openInjector } from '../../../peer-agent/desktop/open-injector.ts'
import { openX11Desktop } from '../../../peer-agent/desktop/x11/desktop.ts'
import { openCustomerWindow } from '../../../peer-agent/window/window.ts'
import type { Level } from '../../../protocol/level.ts'
import { openAssisted } from '../../fixtures/assisted.ts'
import { openPhysicalInput } from '../../fixtures/physical-input.ts'
import { startXServer, until } from '../../fixtures/x-server.ts'
import { buildPage } from './page-in-chromium.ts'

const REMOTE = 10_000
const INJECTED_BY_OTHERS = 150
const KEYS = ['Enter', 'Space', 'Tab'] as const

const x = await startXServer({ width: 1366, height: 768, windowManager: true })
const page = await buildPage()
const desktop = await openX11Desktop({ display: x.display })
const window = await openCustomerWindow({
  language: 'de',
  monitor: { x: 0, y: 0, width: 1366, height: 768 },
  display: x.display,
  pageFolder: page.folder,
  env: {
    ...process.env,
    LOTSE_BROWSER: '/usr/bin/chromium',
    LOTSE_BROWSER_FLAGS: '--remote-debugging-port=9333 --disable-gpu',
  },
})
const hands = await openPhysicalInput(x.display)
const browser = await chromium.connectOverCDP('http://127.0.0.1:9333')
const shown = browser.contexts()[0]!.pages()[0]!
t.teardown(async () => {
  hands.close()
  await browser.close()
  await window.close()
  await desktop.close()
  await x.close()
})

/** Where "yes" stands on the screen, once it may be pressed. */
async function placeOfYes(shown: Page): Promise<{ x: number; y: number }> {
  const yes = shown.locator('[data-test="answer-yes"]:not([disabled])')
  await yes.waitFor()
  const box = (await yes.boundingBox())!
  const frame = await shown.evaluate(() => ({ x: screenX, y: screenY, chrome: outerHeight - innerHeight }))
  return {
    x: Math.round(frame.x + box.x + box.width / 2),
    y: Math.round(frame.y + frame.chrome + box.y + box.height / 2),
  }
}

t.test(
  '[C3] [C4] 10,000 remote clicks and keys at the question, at every level, while it opens, stands and closes: no grant',
  async (t) => {
    const stage = await openAssisted({
      desktop,
      window,
      openInjector,
      display: x.display,
      clock: systemClock,
    })
    t.teardown(() => stage.close())
    let grantsFromTheWindow = 0
    let actions = 0
    window.onAction((action) => {
      actions++
      if (action.t === 'answer' && action.granted) grantsFromTheWindow++
      stage.assistance.act(action)
    })
    const granted = () => stage.consentRecords().filter((record) => record.startsWith('granted'))

    let n = 0
    let yes = { x: 1100, y: 560 }
    /** As an expert's page that keeps to no rule: at the place of "yes" and all around it. */
    async function flood(count: number): Promise<void> {
      for (let sent = 0; sent < count; sent += 4) {
        const at = { x: yes.x + ((n * 13) % 81) - 40, y: yes.y + ((n * 7) % 41) - 20 }
        stage.remote({ t: 'button', n: n++, button: 'left', isDown: true, ...at })
        stage.remote({ t: 'button', n: n++, button: 'left', isDown: false, ...at })
        const code = KEYS[n % KEYS.length]!
        stage.remote({ t: 'key', code, isDown: true })
        stage.remote({ t: 'key', code, isDown: false })
        // So many as hands could just do: more would end the session by itself.
        if (sent % 40 === 0) await new Promise((resolve) => setTimeout(resolve, 30))
      }
    }
    async function answerByHand(subject: Level): Promise<void> {
      await hands.moveTo(20, 700)
      await hands.click()
      await until(() => performance.now() - stage.handsPressAtMs() < 1_000)
      stage.assistance.act({ t: 'answer', subject, granted: true })
    }

    for (const level of ['view', 'control', 'admin'] as const) {
      const before = granted().length
      const opening = flood(REMOTE / 10)
      if (level === 'view') stage.assistance.begin()
      else stage.assistance.ask(level)
      yes = await placeOfYes(shown)
      await opening
      await flood(REMOTE / 10)
      t.equal(granted().length, before, `${level}: nothing by the expert`)
      // By another program, past our gate: these do reach the button.
      const pressedBefore = grantsFromTheWindow
      await hands.injectedMoveTo(yes.x, yes.y)
      for (let click = 0; click < INJECTED_BY_OTHERS / 3; click++) {
        await hands.injectedClick()
        await hands.injectedKey(0xff0d)
      }
      await until(() => grantsFromTheWindow > pressedBefore, { what: 'a click on yes' })
      t.equal(granted().length, before, `${level}: nothing by another program either`)
      const closing = flood(REMOTE / 10)
      await answerByHand(level)
      await closing
      t.same(granted().slice(before), [`granted ${level}`], `${level}: only by the customer’s own hand`)
      stage.assistance.lineChanged('linked')
    }
    // The customer's hands have to rest first: before that nothing is aimed anywhere.
    await until(() => stage.state.holder === 'expert', { what: 'the expert to hold' })
    const afterwards = actions
    await flood(REMOTE / 10)
    t.equal(actions, afterwards, 'nor does the window that is left take anything')
    await until(() => stage.told.includes('shielded'), {
      what: 'the expert to be told that it is not theirs',
    })
  },
)
