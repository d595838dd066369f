/** Kept between updates at most: twice a screen of 1080p and what lies beside it. */
const MOST_KEPT_BYTES = 32 * 1024 * 1024

/**
 * Memory for decoded pixels, used again and again: fresh memory for one 1080p screen costs ten times the decoding.
 * What is in it is old, so whoever takes some fills all of it.
 */
export class PixelRoom {
  #buffer = new ArrayBuffer(0)
  #used = 0
  #wanted = 0

  /** For RGBA, aligned for words. Valid until `free`. */
  take(pixels: number): Uint8ClampedArray<ArrayBuffer> {
    const bytes = pixels * 4
    this.#wanted += bytes
    if (this.#used + bytes > this.#buffer.byteLength) return new Uint8ClampedArray(bytes)
    const taken = new Uint8ClampedArray(this.#buffer, this.#used, bytes)
    this.#used += bytes
    return taken
  }

  /** Everything taken so far is of no use to anyone any more. */
  free(): void {
    if (this.#wanted > this.#buffer.byteLength && this.#wanted <= MOST_KEPT_BYTES)
      this.#buffer = new ArrayBuffer(this.#wanted)
    this.#used = 0
    this.#wanted = 0
  }
}
