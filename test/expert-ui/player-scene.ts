import type { Browser, BrowserContextOptions } from 'playwright-core'
import { SMALL_WORK, type WorkRecording, workRecording } from '../fixtures/work-recording.ts'
import { launch, TestPage } from './browser.ts'
import {
  buildPlayerPage,
  openWithKeys,
  type PlayerServer,
  readWhole,
  type Sealed,
  sealedOf,
  servePlayer,
} from './player-stage.ts'

/** A browser, a server with a small recording, and pages on it. */
export class PlayerScene {
  readonly server: PlayerServer
  readonly recording: WorkRecording
  readonly whole: Sealed
  readonly #browser: Browser

  static async open(): Promise<PlayerScene> {
    const recording = await workRecording(SMALL_WORK)
    const whole = await sealedOf(recording)
    const server = await servePlayer(await buildPlayerPage(), whole)
    return new PlayerScene(recording, whole, server, await launch())
  }

  private constructor(recording: WorkRecording, whole: Sealed, server: PlayerServer, browser: Browser) {
    this.recording = recording
    this.whole = whole
    this.server = server
    this.#browser = browser
  }

  get keys(): readonly string[] {
    return [this.recording.a, this.recording.b]
  }

  /** Where the keys are asked for. */
  page(sealed: Sealed = this.whole, look: BrowserContextOptions = {}): Promise<TestPage> {
    this.server.sealed = sealed
    this.server.refusal = null
    return TestPage.open(this.#browser, this.server.origin, {
      locale: 'de-DE',
      timezoneId: 'Europe/Berlin',
      viewport: { width: 1280, height: 720 },
      ...look,
    })
  }

  /** Opened, and all of it read. */
  async player(sealed: Sealed = this.whole, look: BrowserContextOptions = {}): Promise<TestPage> {
    const page = await this.page(sealed, look)
    await openWithKeys(page, this.keys)
    await readWhole(page)
    return page
  }

  async close(): Promise<void> {
    await this.#browser.close()
    await this.server.close()
  }
}

/** Clicks the timeline at this part of its length, on the ruler, where no mark is. */
export async function jump(page: TestPage, part: number): Promise<void> {
  const { x, y, width, height } = (await page.at('timeline').boundingBox())!
  await page.page.mouse.click(x + width * part, y + height - 4)
}

export async function position(page: TestPage): Promise<number> {
  return Number(await page.at('timeline').getAttribute('aria-valuenow'))
}

export function faults(page: TestPage): Promise<string[]> {
  return page.page.evaluate(() => globalThis.lotsePlayback.accessibilityFaults())
}
