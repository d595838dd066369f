import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import type { ChatEntry, ExpertView, Notice } from '../../expert-ui/session/view.ts'
import type { FakeSession } from './fake-session.ts'

declare global {
  var fakeSession: FakeSession
  var lotsePicture: {
    readPixels(): Promise<{ width: number; height: number; rgba: Uint8ClampedArray }>
  }
  var violations: string[]
}

/** Neither a graphics card nor the network is needed for what is tested. */
export const BROWSER_ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export function launch(): Promise<Browser> {
  return chromium.launch({ executablePath: '/usr/bin/chromium', args: BROWSER_ARGS })
}

/** A page and everything that went wrong in it: errors, refused requests and breaches of the policy. */
export class TestPage {
  readonly page: Page
  readonly troubles: string[] = []

  private constructor(page: Page) {
    this.page = page
    page.on('pageerror', (error) => this.troubles.push(`error ${error.message}`))
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') this.troubles.push(message.text())
    })
  }

  static async open(
    browser: Browser,
    url: string,
    options: BrowserContextOptions = {},
    prepare?: (page: Page) => Promise<unknown>,
  ): Promise<TestPage> {
    const context = await browser.newContext({ viewport: { width: 1366, height: 768 }, ...options })
    context.setDefaultTimeout(10_000)
    const page = new TestPage(await context.newPage())
    await page.page.addInitScript(() => {
      globalThis.violations = []
      addEventListener('securitypolicyviolation', (event) => {
        globalThis.violations.push(`${event.violatedDirective} ${event.blockedURI}`)
      })
    })
    await prepare?.(page.page)
    await page.page.goto(url)
    return page
  }

  at(name: string) {
    return this.page.locator(`[data-test="${name}"]`)
  }

  async phase(phase: string): Promise<void> {
    await this.page.locator(`[data-test="phase"][data-phase="${phase}"]`).waitFor()
  }

  show(view: ExpertView): Promise<void> {
    return this.page.evaluate((shown) => globalThis.fakeSession.show(shown), view)
  }

  say(entry: ChatEntry): Promise<void> {
    return this.page.evaluate((said) => globalThis.fakeSession.say(said), entry)
  }

  notice(notice: Notice): Promise<void> {
    return this.page.evaluate((said) => globalThis.fakeSession.notice(said), notice)
  }

  picture(frame: Uint8Array): Promise<string> {
    const base64 = Buffer.from(frame).toString('base64')
    return this.page.evaluate((bytes) => globalThis.fakeSession.picture(bytes), base64)
  }

  calls(): Promise<readonly string[]> {
    return this.page.evaluate(() => globalThis.fakeSession.calls)
  }

  /** The canvas's own pixels as RGBA bytes. */
  async pixels(): Promise<{ width: number; height: number; rgba: Buffer }> {
    const read = await this.page.evaluate(async () => {
      const { width, height, rgba } = await globalThis.lotsePicture.readPixels()
      let binary = ''
      for (let at = 0; at < rgba.length; at += 32_768)
        binary += String.fromCharCode(...rgba.subarray(at, at + 32_768))
      return { width, height, base64: btoa(binary) }
    })
    return { width: read.width, height: read.height, rgba: Buffer.from(read.base64, 'base64') }
  }

  /** SHA-256 of the canvas's RGBA bytes: a large screen is compared without being carried over. */
  async pixelsDigest(): Promise<string> {
    return this.page.evaluate(async () => {
      const { rgba } = await globalThis.lotsePicture.readPixels()
      const digest = await crypto.subtle.digest('SHA-256', new Uint8Array(rgba))
      return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('')
    })
  }

  async violations(): Promise<readonly string[]> {
    return this.page.evaluate(() => globalThis.violations)
  }

  close(): Promise<void> {
    return this.page.context().close()
  }
}
