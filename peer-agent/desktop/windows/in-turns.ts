/**
 * Works off jobs in order: at once while nothing waits, but of several that are taken together one each time round the
 * event loop. So the customer's hands are heard in between, and what still waits then can be thrown away.
 */
export interface Turns {
  take(...jobs: readonly (() => void)[]): void
  clear(): void
}

export function inTurns(): Turns {
  let waiting: (() => void)[] = []
  let pending: NodeJS.Immediate | undefined

  function runNext(): void {
    pending = undefined
    waiting.shift()?.()
    if (waiting.length > 0) pending = setImmediate(runNext)
  }

  return {
    take(...jobs) {
      waiting.push(...jobs)
      if (pending === undefined) runNext()
    },
    clear() {
      clearImmediate(pending)
      pending = undefined
      waiting = []
    },
  }
}
