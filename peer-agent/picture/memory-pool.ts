/** Memory as the pixel kernels write to it. */
export type Memory = Uint8Array<ArrayBuffer>

/** So many pieces are kept for the next; tiles are coded some at a time. */
const MOST_PIECES = 8
const LEAST_BYTES = 64 * 1024

/**
 * Memory that is used again. Touching fresh memory costs more than what is done in it: 6 MB for the first time took
 * ten times as long as coding a line of text.
 */
export class MemoryPool {
  #free: Memory[] = []

  /** A piece of at least this size. */
  take(bytes: number): Memory {
    const at = this.#free.findIndex((piece) => piece.length >= bytes)
    if (at >= 0) return this.#free.splice(at, 1)[0]!
    return new Uint8Array(Math.max(LEAST_BYTES, 2 ** Math.ceil(Math.log2(bytes))))
  }

  give(piece: Memory): void {
    this.#free.push(piece)
    this.#free.sort((a, b) => a.length - b.length)
    if (this.#free.length > MOST_PIECES) this.#free.shift()
  }
}
