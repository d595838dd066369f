import { createSubscriber } from 'svelte/reactivity'

const TICK_MS = 250

/** The time, for whatever a component counts: read inside an effect or a template it goes on by itself. */
class Clock {
  readonly #subscribe = createSubscriber((update) => {
    const timer = setInterval(update, TICK_MS)
    return () => clearInterval(timer)
  })

  get nowMs(): number {
    this.#subscribe()
    return Date.now()
  }
}

export const clock = new Clock()
