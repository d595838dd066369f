/** One entry of a recording as it goes to the recorder; `bytes` is the whole entry. */
export interface SealedEntry {
  readonly seq: number
  readonly bytes: Uint8Array
}

/** The entries that no recorder has acknowledged yet, in order, for sending again. */
export class Unacknowledged {
  #entries: (SealedEntry & { readonly hash: string })[] = []
  #bytes = 0

  get bytes(): number {
    return this.#bytes
  }

  /** @param hash of the whole entry, in base64url */
  add(entry: SealedEntry, hash: string): void {
    this.#entries.push({ ...entry, hash })
    this.#bytes += entry.bytes.length
  }

  hashOf(seq: number): string | undefined {
    return this.#entries.find((entry) => entry.seq === seq)?.hash
  }

  forgetUpTo(seq: number): void {
    const firstKept = this.#entries.findIndex((entry) => entry.seq > seq)
    const gone = this.#entries.splice(0, firstKept === -1 ? this.#entries.length : firstKept)
    for (const { bytes } of gone) this.#bytes -= bytes.length
  }

  from(seq: number): readonly SealedEntry[] {
    return this.#entries.filter((entry) => entry.seq >= seq).map(({ seq, bytes }) => ({ seq, bytes }))
  }
}
