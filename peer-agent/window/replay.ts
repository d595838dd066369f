import type { ChatShown, Screen, ToWindow } from './view.ts'

/** Older lines are forgotten by the window, not by the recording. */
const MOST_LINES = 500

/** What a page that (re)connects must be told to look like the one before it. */
export class Replay {
  #screen: Screen | null = null
  readonly #lines = new Map<string, ChatShown>()

  take(message: ToWindow): void {
    if (message.t === 'screen') this.#screen = message.screen
    if (message.t !== 'chat') return
    this.#lines.set(message.id, message)
    const [oldest] = this.#lines.keys()
    if (this.#lines.size > MOST_LINES && oldest !== undefined) this.#lines.delete(oldest)
  }

  messages(): ToWindow[] {
    const screen: ToWindow[] = this.#screen === null ? [] : [{ t: 'screen', screen: this.#screen }]
    return [...this.#lines.values(), ...screen]
  }
}
