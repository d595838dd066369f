import { type Browser, chromium, type Page } from 'playwright-core'
import { openPhysicalInput, type PhysicalInput } from '../../test/fixtures/physical-input.ts'
import type { XServer } from '../../test/fixtures/x-server.ts'
import { type Child, startChild } from './child.ts'
import { freePort, type ServiceStage } from './service.ts'
import { until } from './until.ts'

const WINDOW_MS = 30_000
const KEYSYMS = { Return: 0xff0d, BackSpace: 0xff08, Control: 0xffe3, a: 0x61 }

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

export async function openCustomer(
  service: ServiceStage,
  x: XServer,
  program = 'peer-agent/main.ts',
): Promise<CustomerStage> {
  const port = await freePort()
  const agent = startChild(program, ['--service', service.origin, '--operator-key', service.operatorKey], {
    DISPLAY: x.display,
    LANG: 'de_DE.UTF-8',
    LC_ALL: 'de_DE.UTF-8',
    LOTSE_BROWSER: '/usr/bin/chromium',
    LOTSE_BROWSER_FLAGS: `--remote-debugging-port=${port} --disable-gpu`,
  })
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

  /** A window may not have the keyboard yet, or something moves under the click: whoever sits there clicks again. */
  async function typeInto(test: string, text: string, plain: (value: string) => string): Promise<void> {
    const field = tagged(test)
    const isThere = async () => plain(await field.inputValue()) === text
    for (let attempt = 1; ; attempt++) {
      await click(test)
      await hands.keyDown(KEYSYMS.Control)
      await hands.key(KEYSYMS.a)
      await hands.keyUp(KEYSYMS.Control)
      await hands.key(KEYSYMS.BackSpace)
      await hands.type(text)
      const explain = () => `${test} does not hold what was typed`
      const isTyped = until(isThere, 3_000, explain)
      if (attempt === 3) return isTyped
      const hasWorked = await isTyped.then(
        () => true,
        () => false,
      )
      if (hasWorked) return
    }
  }

  return {
    agent,
    hands,
    page,
    screen: async () => (await tagged('screen').getAttribute('data-screen')) ?? '',
    async waitForScreen(name, limitMs = WINDOW_MS) {
      await page.locator(`[data-test="screen"][data-screen="${name}"]`).waitFor({ timeout: limitMs })
    },
    click,
    async enterNumber(digits) {
      await typeInto('number-input', digits, (value) => value.replace(/\D/g, ''))
      await click('number-submit')
    },
    agree: () => click('answer-yes'),
    decline: () => click('answer-no'),
    async say(text) {
      await typeInto('chat-input', text, (value) => value)
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
