import { type Browser, chromium, type Page } from 'playwright-core'
import { openPhysicalInput, type PhysicalInput } from '../../test/fixtures/physical-input.ts'
import type { XServer } from '../../test/fixtures/x-server.ts'
import { type Child, startChild } from './child.ts'
import { freePort, type ServiceStage } from './service.ts'
import { until } from './until.ts'

const WINDOW_MS = 30_000
const KEYSYMS = { Return: 0xff0d, BackSpace: 0xff08, End: 0xff57 }

/**
 * The customer at a desktop: the real client, and hands that reach it as mouse and keyboard events of the X server's
 * own devices. The browser's debugging port only tells where things are on the screen.
 */
export interface CustomerStage {
  readonly agent: Child
  readonly hands: PhysicalInput
  readonly page: Page
  /** Name of the screen the window shows. */
  screen(): Promise<string>
  waitForScreen(name: string, limitMs?: number): Promise<void>
  /** Moves the mouse there, once it takes a click, and clicks. */
  click(test: string): Promise<void>
  enterNumber(digits: string): Promise<void>
  /** Waits for the question and presses yes as soon as it may be pressed. */
  agree(): Promise<void>
  decline(): Promise<void>
  /** Types plain ASCII into the chat and presses Enter. */
  say(text: string): Promise<void>
  close(): Promise<void>
}

export async function openCustomer(service: ServiceStage, x: XServer): Promise<CustomerStage> {
  const port = await freePort()
  const agent = startChild(
    'peer-agent/main.ts',
    ['--service', service.origin, '--operator-key', service.operatorKey],
    {
      DISPLAY: x.display,
      LANG: 'de_DE.UTF-8',
      LC_ALL: 'de_DE.UTF-8',
      LOTSE_BROWSER: '/usr/bin/chromium',
      LOTSE_BROWSER_FLAGS: `--remote-debugging-port=${port} --disable-gpu`,
    },
  )
  const explain = () => `the customer's window did not open:\n${agent.output()}`
  let browser: Browser | undefined
  await until(
    async () => {
      browser = await attach(port)
      return browser !== undefined
    },
    WINDOW_MS,
    explain,
  )
  const context = browser!.contexts()[0]!
  await until(
    () => context.pages().some((page) => page.url().startsWith('http://127.0.0.1')),
    WINDOW_MS,
    explain,
  )
  const page = context.pages().find((candidate) => candidate.url().startsWith('http://127.0.0.1'))!
  const hands = await openPhysicalInput(x.display)
  const tagged = (name: string) => page.locator(`[data-test="${name}"]`)

  /** Where the page's top left corner is on the screen, from a move the page itself saw. */
  async function origin(): Promise<{ x: number; y: number }> {
    // No named function in here: tsx would give it a name with a helper that the page does not have.
    const seen = page.evaluate(
      () =>
        new Promise<{ x: number; y: number }>((resolve) => {
          addEventListener(
            'mousemove',
            (event) => resolve({ x: event.screenX - event.clientX, y: event.screenY - event.clientY }),
            { once: true, capture: true },
          )
        }),
    )
    let hasSeen = false
    void seen.then(() => {
      hasSeen = true
    })
    const frame = await page.evaluate(() => ({
      x: screenX,
      y: screenY,
      width: outerWidth,
      height: outerHeight,
    }))
    const centre = { x: frame.x + Math.round(frame.width / 2), y: frame.y + Math.round(frame.height / 2) }
    for (let step = 0; !hasSeen && step < 200; step++) await hands.moveTo(centre.x + (step % 7), centre.y)
    return seen
  }

  async function click(test: string): Promise<void> {
    const target = page.locator(`[data-test="${test}"]:not([disabled]):not([aria-disabled="true"])`)
    await target.waitFor()
    await target.scrollIntoViewIfNeeded()
    const corner = await origin()
    const box = await target.boundingBox()
    if (!box) throw new Error(`${test} is not on the customer's screen`)
    await hands.moveTo(
      Math.round(corner.x + box.x + box.width / 2),
      Math.round(corner.y + box.y + box.height / 2),
    )
    await hands.click()
  }

  async function typeNumber(digits: string): Promise<boolean> {
    const field = tagged('number-input')
    await click('number-input')
    await hands.key(KEYSYMS.End)
    const before = await field.inputValue()
    for (let left = before.length; left > 0; left--) await hands.key(KEYSYMS.BackSpace)
    await hands.type(digits)
    const isThere = async () => (await field.inputValue()).replace(/\D/g, '') === digits
    return until(isThere, 3_000, () => 'the number was not typed').then(
      () => true,
      () => false,
    )
  }

  return {
    agent,
    hands,
    page,
    screen: async () => (await tagged('screen').getAttribute('data-screen')) ?? '',
    async waitForScreen(name, limitMs = 15_000) {
      await page.locator(`[data-test="screen"][data-screen="${name}"]`).waitFor({ timeout: limitMs })
    },
    click,
    async enterNumber(digits) {
      // A window that has only just opened may not have the keyboard yet: whoever sits there clicks again.
      for (let attempt = 1; !(await typeNumber(digits)); attempt++) {
        if (attempt === 3) throw new Error('the number could not be typed')
      }
      await click('number-submit')
    },
    agree: () => click('answer-yes'),
    decline: () => click('answer-no'),
    async say(text) {
      await click('chat-input')
      await hands.type(text)
      await hands.key(KEYSYMS.Return)
    },
    async close() {
      await browser?.close().catch(() => {})
      hands.close()
      await agent.stop()
    },
  }
}

async function attach(port: number): Promise<Browser | undefined> {
  try {
    return await chromium.connectOverCDP(`http://127.0.0.1:${port}`)
  } catch {
    return undefined
  }
}
