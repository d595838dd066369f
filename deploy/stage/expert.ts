import { type Browser, chromium, type Page } from 'playwright-core'
import { until } from './until.ts'

/** Neither a graphics card nor the network is needed, and addresses are real ones. */
export const CHROMIUM_ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-features=WebRtcHideLocalIpsWithMdns',
]

/** For whatever comes by itself: long, since two tests share two cores. */
const LIMIT_MS = 30_000

/** The expert at a browser of their own, played through the page's own buttons. */
export interface ExpertStage {
  readonly page: Page
  /** Errors of the console and breaches of the content security policy. */
  readonly complaints: readonly string[]
  logIn(origin: string, name: string, password: string): Promise<void>
  /** Presses "new session"; returns the digits of the number. */
  newNumber(): Promise<string>
  waitForPhase(phase: string, limitMs?: number): Promise<void>
  /** Pixels of the canvas: RGB, 3 bytes a pixel. */
  pixels(): Promise<{ width: number; height: number; rgb: Uint8Array }>
  /** Resolves once anything of the customer's screen is on the canvas. */
  waitForPicture(): Promise<void>
  /** Resolves with what the notice over a picture that stands still says, once it is there. */
  waitForNotice(): Promise<string>
  /** Resolves once no notice lies over the picture. */
  waitForNoNotice(): Promise<void>
  /** Presses "ask for control". */
  askControl(): Promise<void>
  /** Resolves once the page says that this one holds mouse and keyboard. */
  waitForHolder(holder: 'customer' | 'expert', limitMs?: number): Promise<void>
  waitForLevel(level: string, limitMs?: number): Promise<void>
  /** Where a pixel of the customer's screen is in this page, in CSS pixels. */
  pointOf(x: number, y: number): Promise<{ x: number; y: number }>
  /** Moves the mouse to a pixel of the customer's screen and clicks. */
  clickAt(x: number, y: number): Promise<void>
  say(text: string): Promise<void>
  end(): Promise<void>
  close(): Promise<void>
}

export async function openExpert(
  browser: Browser,
  size = { width: 1366, height: 768 },
): Promise<ExpertStage> {
  const context = await browser.newContext({ viewport: size, locale: 'de-DE' })
  const page = await context.newPage()
  page.setDefaultTimeout(LIMIT_MS)
  const complaints: string[] = []
  page.on('console', (message) => {
    // Asking who is logged in answers 401 before the log-in; Chromium writes every 401 down as an error.
    const isAnswer401 = message.text().includes('status of 401')
    if (message.type() === 'error' && !isAnswer401) complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(String(error)))
  const tagged = (name: string) => page.locator(`[data-test="${name}"]`)
  async function pixels() {
    const { width, height, base64 } = await page.evaluate(async () => {
      type Hook = { readPixels(): Promise<{ width: number; height: number; rgba: Uint8ClampedArray }> }
      const hook = (globalThis as unknown as { lotsePicture?: Hook }).lotsePicture
      if (!hook) return { width: 0, height: 0, base64: '' }
      const { width, height, rgba } = await hook.readPixels()
      let binary = ''
      for (let at = 0; at < rgba.length; at += 0x8000) {
        binary += String.fromCharCode(...rgba.subarray(at, at + 0x8000))
      }
      return { width, height, base64: btoa(binary) }
    })
    const rgba = Buffer.from(base64, 'base64')
    const rgb = new Uint8Array(width * height * 3)
    for (let pixel = 0; pixel < width * height; pixel++) {
      rgb[pixel * 3] = rgba[pixel * 4]!
      rgb[pixel * 3 + 1] = rgba[pixel * 4 + 1]!
      rgb[pixel * 3 + 2] = rgba[pixel * 4 + 2]!
    }
    return { width, height, rgb }
  }
  async function pointOf(x: number, y: number): Promise<{ x: number; y: number }> {
    const canvas = page.locator('[data-test="picture-canvas"]')
    const box = await canvas.boundingBox()
    if (!box) throw new Error('there is no picture on the page')
    const width = await canvas.evaluate((element) => (element as HTMLCanvasElement).width)
    const scale = box.width / width
    return { x: box.x + (x + 0.5) * scale, y: box.y + (y + 0.5) * scale }
  }
  return {
    page,
    complaints,
    async logIn(origin, name, password) {
      await page.goto(origin)
      await tagged('login-name').fill(name)
      await tagged('login-password').fill(password)
      await tagged('login-submit').click()
      await tagged('new-session').waitFor()
    },
    async newNumber() {
      await tagged('new-session').click()
      await tagged('number').waitFor()
      return ((await tagged('number').textContent()) ?? '').replace(/\D/g, '')
    },
    async waitForPhase(phase, limitMs = LIMIT_MS) {
      await page
        .locator(`[data-test="phase"][data-phase="${phase}"]`)
        .first()
        .waitFor({ state: 'attached', timeout: limitMs })
    },
    pixels,
    async waitForPicture() {
      // Looked at in the page: a whole picture through the debugging pipe takes longer than what is measured.
      const isThere = () =>
        page.evaluate(async () => {
          type Hook = { readPixels(): Promise<{ rgba: Uint8ClampedArray }> }
          const hook = (globalThis as unknown as { lotsePicture?: Hook }).lotsePicture
          return hook ? (await hook.readPixels()).rgba.some((value) => value !== 0 && value !== 255) : false
        })
      await until(isThere, LIMIT_MS, () => 'no picture came')
    },
    async waitForNotice() {
      // Looked at often: a locator's own wait looks only every half second, and would be what is measured.
      await until(
        () => tagged('picture-notice').isVisible(),
        LIMIT_MS,
        () => 'the picture did not freeze',
      )
      return ((await tagged('picture-notice').textContent()) ?? '').trim()
    },
    async waitForNoNotice() {
      await tagged('picture-notice').waitFor({ state: 'detached', timeout: 20_000 })
    },
    askControl: () => tagged('ask-control').click(),
    async waitForHolder(holder, limitMs = LIMIT_MS) {
      await page
        .locator(`[data-test="holder"][data-holder="${holder}"]`)
        .first()
        .waitFor({ timeout: limitMs })
    },
    async waitForLevel(level, limitMs = LIMIT_MS) {
      await page.locator(`[data-test="level"][data-level="${level}"]`).waitFor({ timeout: limitMs })
    },
    pointOf,
    async clickAt(x, y) {
      const at = await pointOf(x, y)
      await page.mouse.click(at.x, at.y)
    },
    async say(text) {
      await tagged('chat-input').fill(text)
      await tagged('chat-send').click()
    },
    async end() {
      await tagged('end').click()
      await tagged('end-confirm').click()
    },
    close: () => context.close(),
  }
}

/** A headless Chromium, as the experts' computers have one. */
export function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: '/usr/bin/chromium', args: CHROMIUM_ARGS })
}
