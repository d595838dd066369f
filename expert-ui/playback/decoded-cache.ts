/** Pixels that are kept decoded: 12 megapixels are 48 MB, the desktop behind everything and a few large windows. */
const MOST_PIXELS = 12_000_000
/** Smaller ones are decoded anew sooner than they are worth a place. */
const LEAST_PIXELS = 100_000

interface Image {
  readonly width: number
  readonly height: number
  close(): void
}

/** The large images that were drawn last. What is under many pictures is wanted again with nearly every jump. */
export class DecodedCache<Held extends Image> {
  readonly #images = new Map<string, Held>()
  #pixels = 0

  take(name: string): Held | null {
    const image = this.#images.get(name)
    if (!image) return null
    // To the end of the line: it was used last.
    this.#images.delete(name)
    this.#images.set(name, image)
    return image
  }

  /** Takes the image over once it was drawn: keeps it, or closes it. */
  give(name: string, image: Held): void {
    if (this.#images.get(name) === image) return
    const pixels = image.width * image.height
    if (pixels < LEAST_PIXELS || pixels > MOST_PIXELS || this.#images.has(name)) {
      image.close()
      return
    }
    this.#images.set(name, image)
    this.#pixels += pixels
    for (const [oldest, other] of this.#images) {
      if (this.#pixels <= MOST_PIXELS) return
      this.#images.delete(oldest)
      this.#pixels -= other.width * other.height
      other.close()
    }
  }
}
