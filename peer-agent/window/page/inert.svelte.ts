import { onMount } from 'svelte'
import { INERT_MS } from '../../../protocol/consent.ts'

/**
 * A press so soon was meant for whatever stood there before [C4]. True for a moment after the component appeared,
 * came back to sight, where it could not be read, or was begun anew.
 */
export function inertAtFirst(): { readonly isInert: boolean; begin(): void } {
  let isInert = $state(true)
  let timer: ReturnType<typeof setTimeout> | undefined
  function begin(): void {
    isInert = true
    clearTimeout(timer)
    timer = setTimeout(() => {
      isInert = false
    }, INERT_MS)
  }
  function beginInSight(): void {
    if (document.visibilityState === 'visible') begin()
  }
  onMount(() => {
    begin()
    document.addEventListener('visibilitychange', beginInSight)
    return () => {
      document.removeEventListener('visibilitychange', beginInSight)
      clearTimeout(timer)
    }
  })
  return {
    get isInert() {
      return isInert
    },
    begin,
  }
}
