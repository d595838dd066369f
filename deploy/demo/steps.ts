/** Steps of the check: each prints one line with its figure, and the count of the last line is theirs. */
export class Steps {
  #passed = 0
  #failed = 0
  #isBroken = false
  readonly #afterEach: (name: string) => Promise<void>

  constructor(afterEach: (name: string) => Promise<void>) {
    this.#afterEach = afterEach
  }

  /** Runs one step; what it returns is its figure. After one that failed the steps behind are told as not run. */
  async step(title: string, shot: string, run: () => Promise<string>): Promise<void> {
    if (this.#isBroken) {
      this.#failed++
      console.log(`not ok  ${title}: not run, since an earlier step failed`)
      return
    }
    const startMs = performance.now()
    try {
      const figure = await run()
      this.#passed++
      console.log(`ok      ${title}: ${figure}`)
    } catch (error) {
      this.#failed++
      this.#isBroken = !(error instanceof TooSlow)
      const spentMs = Math.round(performance.now() - startMs)
      console.log(`not ok  ${title} (after ${spentMs} ms): ${error instanceof Error ? error.message : error}`)
    }
    await this.#afterEach(shot).catch((error) => console.log(`        no screenshot: ${error}`))
  }

  /** Prints `N passed, N failed`; returns the exit code. */
  finish(): number {
    console.log(`${this.#passed} passed, ${this.#failed} failed`)
    return this.#failed > 0 || this.#passed === 0 ? 1 : 0
  }
}

export async function timed(run: () => Promise<unknown>): Promise<number> {
  const startMs = performance.now()
  await run()
  return Math.round(performance.now() - startMs)
}

/** What was to be seen was seen, but too late: the steps behind can still be taken. */
export class TooSlow extends Error {}

/** Throws `TooSlow` where a figure is over its limit, and says both. */
export function within(ms: number, limitMs: number): string {
  if (ms > limitMs) throw new TooSlow(`${ms} ms, more than ${limitMs} ms`)
  return `${ms} ms (limit ${limitMs})`
}
