import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Browser, chromium, type Page } from 'playwright-core'
import { build } from 'vite'
import { EXPERT_CHANNELS } from '../../peer/channel-specs.ts'
import { systemClock } from '../../peer/clock.ts'
import { LinkKeeper } from '../../peer/link-keeper.ts'
import { nodeRtc } from '../../peer/wrtc.ts'
import type { FilmRates } from '../../peer-agent/picture/film-sender.ts'
import type { SealedContent } from '../../protocol/messages/relayed.ts'
import { BROWSER_ARGS } from '../expert-ui/browser.ts'
import { cachedBuild } from '../fixtures/cached-build.ts'
import { until } from '../fixtures/x-server.ts'
import { filmFrame, type Scene } from './film-frames.ts'
import { WatchedFilm } from './watched-film.ts'

type Signal = Extract<SealedContent, { t: 'signal' }>

/** Never reached: the browser answers for it itself. Localhost counts as secure, which video frames need. */
const ADDRESS = 'http://localhost/film'
/** Between two frames of a film; what is proved does not depend on it. */
const FRAME_MS = 40

/** The agent's end of the film in this process, the expert's in a real Chromium. */
export interface FilmStage {
  readonly page: Page
  readonly sender: WatchedFilm
  readonly isUp: () => boolean
  /** Frames of `scene` until the page shows one of them. */
  show(scene: Scene): Promise<void>
  /** The page's end goes and comes back, as when it is loaded anew. */
  loadAnew(): Promise<void>
  close(): Promise<void>
}

export function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath: '/usr/bin/chromium',
    // Local addresses as they are: there is nobody here to hide them from, and no multicast to find them by.
    args: [...BROWSER_ARGS, '--disable-features=WebRtcHideLocalIpsWithMdns'],
  })
}

export async function openFilmStage(browser: Browser, rates: FilmRates): Promise<FilmStage> {
  const page = await browser.newPage()
  const key = randomBytes(32)
  const sender = new WatchedFilm(rates)
  const keeper = new LinkKeeper(
    {
      isCaller: true,
      role: 'customer',
      otherRole: 'expert',
      fingerprintsKey: key,
      channels: Object.values(EXPERT_CHANNELS),
      iceServers: () => [],
      clock: systemClock,
      rtc: nodeRtc,
      media: sender,
    },
    {
      // In order: each waits in the page's own queue.
      signal: (content) => void page.evaluate((heard) => filmPage.receive(heard), content as Signal),
      ready: () => {},
      message: () => {},
      lost: () => {},
      back: () => {},
      failed: () => {},
    },
  )
  const open = () => page.evaluate((bytes) => filmPage.open(bytes), [...key])
  const stage: FilmStage = {
    page,
    sender,
    isUp: () => keeper.isUp,
    async show(scene) {
      const frame = filmFrame(scene)
      await until(
        async () => {
          sender.push(frame)
          await new Promise((resolve) => setTimeout(resolve, FRAME_MS))
          return page.evaluate((id) => filmPage.id === id, scene.id)
        },
        { withinMs: 20_000, what: `a frame of film ${scene.id}` },
      )
    },
    async loadAnew() {
      const links = await page.evaluate(() => filmPage.links)
      await open()
      await page.waitForFunction((before) => filmPage.links > before, links)
      await until(() => keeper.isUp, { what: 'the fresh link' })
    },
    async close() {
      keeper.close()
      sender.close()
      await page.close()
    },
  }
  try {
    await page.exposeFunction('tellAgent', (content: Signal) => keeper.receive(content))
    await page.route(ADDRESS, async (route) =>
      route.fulfill({
        contentType: 'text/html',
        body: `<script type="module">${await pageScript()}</script>`,
      }),
    )
    // tsx names functions by a helper that a function sent to the page would miss there.
    await page.addInitScript('globalThis.__name = (named) => named')
    await page.goto(ADDRESS)
    await open()
    keeper.call()
    await page.waitForFunction(() => filmPage.links > 0)
    await until(() => keeper.isUp, { what: 'the first link' })
  } catch (error) {
    await stage.close()
    throw error
  }
  return stage
}

async function pageScript(): Promise<string> {
  const entry = fileURLToPath(new URL('./film-page.ts', import.meta.url))
  const folder = await cachedBuild('film-page', ['peer', 'protocol', 'test/peer'], (outDir) =>
    build({
      configFile: false,
      logLevel: 'error',
      build: { outDir, lib: { entry, formats: ['es'], fileName: () => 'film-page.js' } },
    }),
  )
  return readFile(join(folder, 'film-page.js'), 'utf8')
}
