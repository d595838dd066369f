import { createSubscriber } from 'svelte/reactivity'
import type { ChatEntry, ExpertSession, ExpertView } from './session/view.ts'

/** An `ExpertSession` whose view and chat can be read in a template: it is drawn anew whenever they change. */
export class LiveSession {
  readonly session: ExpertSession
  readonly #subscribe: () => void

  constructor(session: ExpertSession) {
    this.session = session
    this.#subscribe = createSubscriber((update) => session.onChange(update))
  }

  get view(): ExpertView {
    this.#subscribe()
    return this.session.view
  }

  get chat(): readonly ChatEntry[] {
    this.#subscribe()
    return this.session.chat
  }
}
