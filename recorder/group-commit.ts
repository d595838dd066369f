/** Something with writes that wait for one fsync. `commit` does not throw. */
export interface Committable {
  commit(): Promise<void>
}

/**
 * Group commit: while one round of fsyncs runs, the appends of all sessions gather for the next, so that each file is
 * synced once a round however much arrived. What is appended in the same turn of the event loop goes together too.
 */
export class GroupCommit {
  readonly #waiting = new Set<Committable>()
  #running: Promise<void> | undefined

  add(file: Committable): void {
    this.#waiting.add(file)
    this.#running ??= this.#run()
  }

  /** Resolves when nothing waits any more. */
  async settled(): Promise<void> {
    while (this.#running) await this.#running
  }

  async #run(): Promise<void> {
    await Promise.resolve()
    while (this.#waiting.size > 0) {
      const round = [...this.#waiting]
      this.#waiting.clear()
      await Promise.all(round.map((file) => file.commit()))
    }
    this.#running = undefined
  }
}
