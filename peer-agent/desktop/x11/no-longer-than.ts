import { setTimeout } from 'node:timers/promises'

/** Resolves with the work or after this time, whichever comes first. For servers and programs that hang. */
export async function noLongerThan(ms: number, work: Promise<void>): Promise<void> {
  const over = new AbortController()
  const patience = setTimeout(ms, undefined, { signal: over.signal }).catch(() => {})
  try {
    await Promise.race([work, patience])
  } finally {
    over.abort()
  }
}
