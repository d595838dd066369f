import type { Steering } from './steering.ts'

/** Whoever leaves the page, its tab or its window holds nothing at the customer any more [K5]. Returns its own undo. */
export function letGoWhenAway(steering: Steering): () => void {
  const listening = new AbortController()
  const { signal } = listening
  const letGo = () => steering.letGo()
  addEventListener('blur', letGo, { signal })
  addEventListener('pagehide', letGo, { signal })
  document.addEventListener(
    'visibilitychange',
    () => {
      if (document.visibilityState === 'hidden') letGo()
    },
    { signal },
  )
  return () => listening.abort()
}
