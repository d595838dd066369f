import { type Clock, systemClock } from '../../peer/clock.ts'
import type { Notice } from '../session/view.ts'

/** What the expert is told for a while, beside what the agent tells: what became of their own click. */
export type ToastContent =
  | Notice
  /** The customer decides whether to give their text. */
  | { readonly t: 'clipboard-asked' }
  | { readonly t: 'clipboard-empty' }
  | { readonly t: 'clipboard-too-long'; readonly length: number }

export interface Toast {
  readonly id: number
  readonly content: ToastContent
}

const SHOWN_MS = 7_000
const ASKED_MS = 60_000

/** One toast of each kind at most; about the clipboard one at all, since each answers the one before. */
export class Toasts {
  all: readonly Toast[] = $state.raw([])
  readonly #clock: Pick<Clock, 'after'>
  readonly #undos = new Map<number, () => void>()
  #nextId = 1

  constructor(clock: Pick<Clock, 'after'> = systemClock) {
    this.#clock = clock
  }

  show(content: ToastContent): void {
    for (const { id, content: old } of this.all) if (topic(old) === topic(content)) this.close(id)
    const id = this.#nextId++
    this.all = [...this.all, { id, content }]
    // What the customer gave stays until it is taken.
    if (content.t === 'clipboard-given') return
    const shownMs = content.t === 'clipboard-asked' ? ASKED_MS : SHOWN_MS
    this.#undos.set(
      id,
      this.#clock.after(shownMs, () => this.close(id)),
    )
  }

  close(id: number): void {
    this.#undos.get(id)?.()
    this.#undos.delete(id)
    this.all = this.all.filter((toast) => toast.id !== id)
  }

  closeAll(): void {
    for (const { id } of this.all) this.close(id)
  }
}

function topic({ t }: ToastContent): string {
  return t.split('-')[0]!
}
