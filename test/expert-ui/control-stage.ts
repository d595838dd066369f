import type { BrowserContextOptions } from 'playwright-core'
import type { Watching } from '../../expert-ui/session/view.ts'
import type { ScreenLayout } from '../../protocol/messages/picture.ts'
import { TestPage } from './browser.ts'
import { browser, server } from './picture-stage.ts'
import { encodeUpdate } from './reference-encoder.ts'
import { desktopTiles, drawDesktop, ONE_MONITOR } from './sample-desktop.ts'
import { STEERING } from './sample-watching.ts'

const frames = new Map<ScreenLayout, Promise<Uint8Array>>()

function frameOf(layout: ScreenLayout): Promise<Uint8Array> {
  const made =
    frames.get(layout) ??
    drawDesktop(layout).then((screen) => encodeUpdate(1, desktopTiles(screen, layout), layout))
  frames.set(layout, made)
  return made
}

interface Scene {
  readonly view?: Watching
  readonly layout?: ScreenLayout
  readonly options?: BrowserContextOptions
}

/** The page with a customer's screen on it. */
export async function openControl({ view = STEERING, layout = ONE_MONITOR, options = {} }: Scene = {}) {
  const page = await TestPage.open(browser, server.origin, {
    locale: 'en-GB',
    reducedMotion: 'reduce',
    ...options,
  })
  await page.phase('idle')
  await page.show({ phase: 'connecting', waitingForRecorder: false })
  await page.show(view)
  await page.phase('watching')
  await page.picture(await frameOf(layout))
  await page.at('picture-notice').waitFor({ state: 'detached' })
  return page
}

/** What the hands did since the last time, without the signs of life; after the page has drawn what was due. */
export async function done(page: TestPage): Promise<string[]> {
  const calls = await page.page.evaluate(
    () =>
      new Promise<string[]>((tell) => {
        requestAnimationFrame(() =>
          requestAnimationFrame(() => tell(globalThis.fakeSession.handCalls.splice(0))),
        )
      }),
  )
  return calls.filter((call) => call !== 'holding')
}

/** Where the picture is on the page now. */
export async function pictureBox(
  page: TestPage,
): Promise<{ x: number; y: number; width: number; height: number }> {
  return page.at('picture-canvas').evaluate((canvas) => {
    const { x, y, width, height } = canvas.parentElement!.parentElement!.getBoundingClientRect()
    return { x, y, width, height }
  })
}
