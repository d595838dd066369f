import { fileURLToPath } from 'node:url'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { build } from 'vite'
import type { Language } from '../../../i18n/translator.ts'
import { type BuiltPage, loadBuiltPage } from '../../../peer-agent/window/built-page.ts'
import { startWindowServer, type WindowServer } from '../../../peer-agent/window/server.ts'
import type { FromWindow, Screen } from '../../../peer-agent/window/view.ts'
import { cachedBuild } from '../../fixtures/cached-build.ts'
import { until } from '../../fixtures/x-server.ts'

const SOURCES = ['peer-agent/window', 'protocol', 'i18n']

/** The page as it is now, apart from `dist/`, which may be old. */
export async function buildPage(): Promise<{ folder: string; page: BuiltPage }> {
  const folder = await cachedBuild('customer-window', SOURCES, (outDir) =>
    build({
      configFile: fileURLToPath(new URL('../../../peer-agent/window/page/vite.config.ts', import.meta.url)),
      build: { outDir },
      logLevel: 'error',
    }),
  )
  return { folder, page: await loadBuiltPage(folder) }
}

export function startChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
    ],
  })
}

/** The real page against the real server; the test plays the agent. */
export interface OpenPage {
  readonly page: Page
  readonly server: WindowServer
  /** What the customer did, in order, once at least so many actions and everything sent by now have arrived. */
  did(least: number): Promise<FromWindow[]>
  /** Console errors, page errors and CSP violations. */
  readonly complaints: string[]
  show(screen: Screen): Promise<void>
  close(): Promise<void>
}

export async function openPage(
  browser: Browser,
  built: BuiltPage,
  language: Language,
  options: BrowserContextOptions & { atMs?: number } = {},
): Promise<OpenPage> {
  const { atMs, ...contextOptions } = options
  const actions: FromWindow[] = []
  const complaints: string[] = []
  const context = await browser.newContext({ viewport: { width: 460, height: 680 }, ...contextOptions })
  const page = await context.newPage()
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(String(error)))
  // tsx names functions by a helper that a function sent to the page would miss there.
  await page.addInitScript('globalThis.__name = (named) => named')
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      console.error(`CSP: ${event.violatedDirective} ${event.blockedURI}`)
    })
  })
  if (atMs !== undefined) {
    // The clock can be stopped ahead of it only.
    await page.clock.install({ time: atMs - 60_000 })
    await page.clock.pauseAt(atMs)
  }
  const server = await startWindowServer(built, language, {
    action: (action) => actions.push(action),
    page: () => undefined,
  })
  const close = async () => {
    await context.close()
    await server.close()
  }
  try {
    await page.goto(server.issueEntrance())
    await page.locator('[data-test=screen]').waitFor()
  } catch (error) {
    await close()
    throw error
  }
  return {
    page,
    server,
    async did(least) {
      await until(() => actions.length >= least, { what: `${least} actions of the customer` })
      await page.evaluate(() => fetch('/alive').then(() => undefined))
      return actions
    },
    complaints,
    async show(screen) {
      server.send({ t: 'screen', screen })
      await page.locator(`[data-test=screen][data-screen=${screen.t}]`).waitFor()
    },
    close,
  }
}
