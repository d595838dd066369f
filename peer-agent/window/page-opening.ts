import { type Browser, type BrowserOptions, startBrowser } from './browser.ts'
import { browserChoices } from './browser-choice.ts'
import { customerSentences } from './sentences.ts'

export interface PageOpening extends Omit<BrowserOptions, 'entrance' | 'language'> {
  readonly language: 'de' | 'en'
  /** A fresh URL that lets one browser in. */
  readonly issueEntrance: () => string
  /** Resolves once the page is there. */
  readonly arrived: Promise<void>
  /** How long one browser may take before the next is tried. */
  readonly startLimitMs: number
}

/** Tries the browsers of this computer, best first, until one shows the page. Throws a sentence for the customer. */
export async function openPage(opening: PageOpening): Promise<Browser> {
  const sentence = customerSentences(opening.language)
  const choices = browserChoices(opening.env)
  if (choices.length === 0) throw new Error(sentence('browser.missing'))
  for (const choice of choices) {
    const browser = await startBrowser(choice, { ...opening, entrance: opening.issueEntrance() }).catch(
      () => null,
    )
    if (browser === null) continue
    if (await showsPage(browser, opening)) {
      await browser.forgetEntrance()
      return browser
    }
    await browser.close()
  }
  throw new Error(sentence('browser.failed', { names: choices.map(({ path }) => path).join(', ') }))
}

async function showsPage(browser: Browser, { arrived, startLimitMs }: PageOpening): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const tooLate = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), startLimitMs)
  })
  const outcome = await Promise.race([arrived.then(() => true), browser.exited.then(() => false), tooLate])
  clearTimeout(timer)
  return outcome
}
