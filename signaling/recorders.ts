import type { RecorderConnection } from './connection.ts'

/** The recorders that are connected and ready, by their public key. */
export class Recorders {
  readonly #byKey = new Map<string, RecorderConnection>()

  add(recorder: RecorderConnection, key: string): void {
    recorder.key = key
    this.#byKey.set(key, recorder)
  }

  /** False where it was never ready. */
  remove(recorder: RecorderConnection): boolean {
    if (recorder.key === null || this.#byKey.get(recorder.key) !== recorder) return false
    return this.#byKey.delete(recorder.key)
  }

  byKey(key: string): RecorderConnection | undefined {
    return this.#byKey.get(key)
  }

  all(): RecorderConnection[] {
    return [...this.#byKey.values()]
  }

  /** The preferred one where it is there and allowed, else the one with the fewest sessions. */
  pick(allowedKeys: readonly string[], preferred: string | null): RecorderConnection | null {
    const allowed = this.all().filter(({ key }) => key !== null && allowedKeys.includes(key))
    return (
      allowed.find(({ key }) => key === preferred) ??
      allowed.toSorted((a, b) => a.sessions.size - b.sessions.size)[0] ??
      null
    )
  }
}
