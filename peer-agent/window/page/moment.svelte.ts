import { onDestroy } from 'svelte'

const TICK_MS = 250

/** The time of day, in steps of a quarter second, as long as the component that asked for it is on screen. */
export function watchTime(): { readonly nowMs: number } {
  let nowMs = $state(Date.now())
  const timer = setInterval(() => {
    nowMs = Date.now()
  }, TICK_MS)
  onDestroy(() => clearInterval(timer))
  return {
    get nowMs() {
      return nowMs
    },
  }
}
