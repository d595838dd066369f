import type { EntriesChunk } from './source.ts'

/** Ciphertext that is kept in memory; beyond it, what was not used for longest is asked for again when it is needed. */
const MOST_BYTES = 192 * 1024 * 1024

interface Chunk {
  readonly from: number
  /** Null while it is not here. */
  entries: readonly Uint8Array[] | null
  readonly count: number
  readonly bytes: number
  usedAt: number
}

/** The sealed entries of a recording, as they came. */
export class SealedStore {
  readonly #chunks: Chunk[] = []
  readonly #fetch: (from: number) => Promise<EntriesChunk['entries']>
  readonly #most: number
  #bytes = 0
  #uses = 0

  /** @param fetch asks for the chunk that begins with this entry once more */
  constructor(fetch: (from: number) => Promise<EntriesChunk['entries']>, most = MOST_BYTES) {
    this.#fetch = fetch
    this.#most = most
  }

  /** In order: each chunk continues the one before. */
  add(from: number, entries: EntriesChunk['entries']): void {
    const bytes = entries.reduce((sum, entry) => sum + entry.length, 0)
    const chunk = { from, entries, count: entries.length, bytes, usedAt: ++this.#uses }
    this.#chunks.push(chunk)
    this.#bytes += bytes
    this.#makeRoom(chunk)
  }

  /** Rejects where it can no longer be had. */
  async entry(number: number): Promise<Uint8Array> {
    const chunk = this.#chunks.findLast(({ from }) => from <= number)
    if (!chunk || number >= chunk.from + chunk.count) throw new RangeError(`there is no entry ${number}`)
    chunk.usedAt = ++this.#uses
    if (!chunk.entries) {
      const entries = await this.#fetch(chunk.from)
      if (!chunk.entries) {
        chunk.entries = entries.slice(0, chunk.count)
        this.#bytes += chunk.bytes
        this.#makeRoom(chunk)
      }
    }
    const entry = chunk.entries[number - chunk.from]
    if (!entry) throw new RangeError(`entry ${number} is not there any more`)
    return entry
  }

  #makeRoom(kept: Chunk): void {
    while (this.#bytes > this.#most) {
      const held = this.#chunks.filter((chunk) => chunk !== kept && chunk.entries)
      if (held.length === 0) return
      const oldest = held.reduce((least, chunk) => (chunk.usedAt < least.usedAt ? chunk : least))
      oldest.entries = null
      this.#bytes -= oldest.bytes
    }
  }
}
