/** Those who wait until an entry of the recording is on a recorder's disk. */
export class DurableWaits {
  #waiting: { readonly seq: number; readonly resolve: () => void }[] = []

  until(seq: number): Promise<void> {
    return new Promise((resolve) => this.#waiting.push({ seq, resolve }))
  }

  /** Every entry up to `seq` is on the disk. */
  reached(seq: number): void {
    const due = this.#waiting.filter((waiting) => waiting.seq <= seq)
    this.#waiting = this.#waiting.filter((waiting) => waiting.seq > seq)
    for (const { resolve } of due) resolve()
  }
}
