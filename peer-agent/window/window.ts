import type { Language } from '../../i18n/translator.ts'
import type { Rect } from '../desktop/port.ts'
import { loadBuiltPage } from './built-page.ts'
import { openPage } from './page-opening.ts'
import { Presence } from './presence.ts'
import { startWindowServer } from './server.ts'
import type { CustomerWindow, FromWindow } from './view.ts'

export interface CustomerWindowOptions {
  readonly language: Language
  /** The window opens near its bottom right. */
  readonly monitor: Rect
  /** The X display, where it is not the environment's. */
  readonly display?: string
  /** Where the built page is, where it is not this package's `dist/agent-window`. */
  readonly pageFolder?: string
  readonly env?: Record<string, string | undefined>
  /** How long a browser may take to show the page before the next one is tried. */
  readonly startLimitMs?: number
  /** How long the page may be away, as when it is loaded anew, before the window counts as closed. */
  readonly absenceMs?: number
}

/** Opens the window and resolves once its page is there. Throws a sentence for the customer where it cannot. */
export async function openCustomerWindow(options: CustomerWindowOptions): Promise<CustomerWindow> {
  const page = await loadBuiltPage(options.pageFolder)
  const presence = new Presence(options.absenceMs ?? 5_000)
  const actions: ((action: FromWindow) => void)[] = []
  const server = await startWindowServer(page, options.language, {
    action: (action) => {
      for (const listener of actions) listener(action)
    },
    page: (isThere) => presence.take(isThere),
  })
  try {
    const browser = await openPage({
      language: options.language,
      monitor: options.monitor,
      ...(options.display === undefined ? {} : { display: options.display }),
      env: options.env ?? process.env,
      issueEntrance: () => server.issueEntrance(),
      arrived: presence.arrived,
      startLimitMs: options.startLimitMs ?? 30_000,
    })
    void browser.exited.then(() => presence.leave())
    return {
      show: (screen) => server.send({ t: 'screen', screen }),
      chat: (line) => server.send(line),
      answerIgnored: () => server.send({ t: 'answer-ignored' }),
      offer: (file) => server.offer(file),
      process: browser.process,
      onAction: (listener) => void actions.push(listener),
      onClosed: (listener) => presence.onLeft(listener),
      async close() {
        presence.ignore()
        await server.close()
        await browser.close()
      },
    }
  } catch (error) {
    await server.close()
    throw error
  }
}
