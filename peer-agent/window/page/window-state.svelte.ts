import type { ChatShown, Screen } from '../view.ts'
import type { WireNews } from './wire.ts'

/** Why there is nothing to show any more. */
export type Gone = 'stopped' | 'finished' | 'elsewhere'

/** Everything the page shows, as the agent told it. The agent decides, the page draws. */
export class WindowState {
  screen = $state<Screen | null>(null)
  lines = $state<ChatShown[]>([])
  gone = $state<Gone | null>(null)
  /** The wire is down and sought again; what is on screen may be out of date. */
  searching = $state(false)
  /** Counts the answers that did not count [C4]; a question remembers the count it began with. */
  ignoredAnswers = $state(0)
  /** What the customer has typed but not sent; outlives a question asked in between. */
  draft = $state('')

  take(news: WireNews): void {
    if (news.kind !== 'message') {
      this.searching = news.kind === 'searching'
      if (news.kind !== 'searching') this.gone = news.kind
      return
    }
    this.searching = false
    const { message } = news
    switch (message.t) {
      case 'screen':
        this.screen = message.screen
        return
      case 'answer-ignored':
        this.ignoredAnswers += 1
        return
      case 'chat':
        this.#takeLine(message)
    }
  }

  #takeLine(line: ChatShown): void {
    const known = this.lines.findIndex(({ id }) => id === line.id)
    if (known === -1) this.lines.push(line)
    else this.lines[known] = line
  }
}
