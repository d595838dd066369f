interface Numbered {
  readonly number: number
  readonly atMs: number
}

/**
 * For each change, how long until it or a later one was seen: who looks wants the newest state and misses no older
 * one. Infinity where neither ever was.
 */
export function latenciesMs(changes: readonly Numbered[], seen: readonly Numbered[]): number[] {
  return changes.map(({ number, atMs }) => {
    const times = seen.filter((sight) => sight.number >= number).map((sight) => sight.atMs)
    return Math.min(...times) - atMs
  })
}
