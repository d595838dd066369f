import { FilmStripReader } from './film-strip-reader.ts'
import type { HeldImage } from './held-image.ts'
import type { Painter } from './painter.ts'

/** Draws the frames of the running film as they come, and tells of the first of each. */
export class FilmScreening {
  readonly #painter: Painter
  readonly #shown: (id: number) => void
  readonly #strip = new FilmStripReader()
  #reader: ReadableStreamDefaultReader<VideoFrame> | undefined
  #lastShown: Painter['film'] = null

  constructor(painter: Painter, shown: (id: number) => void) {
    this.#painter = painter
    this.#shown = shown
  }

  /** From now on frames come from here; null where there are none any more. */
  async source(readable: ReadableStream<VideoFrame> | null): Promise<void> {
    this.#reader?.cancel().catch(() => undefined)
    const reader = readable?.getReader()
    this.#reader = reader
    while (reader && reader === this.#reader) {
      const { done, value } = await reader.read()
      if (done) return
      await this.take(value)
    }
  }

  /** Draws the frame or does not; closes it in any case. */
  async take(frame: HeldImage): Promise<void> {
    const { film } = this.#painter
    try {
      if (!film) return
      const id = await this.#strip.idIn(frame, film)
      // While its strip was read the film may have ended, or another have begun.
      if (id !== film.id || film !== this.#painter.film) return
      this.#painter.drawFilm(frame)
      if (this.#lastShown !== film) this.#shown(film.id)
      this.#lastShown = film
    } catch {
      // A frame that can't be read is as good as one that did not come.
    } finally {
      frame.close()
    }
  }
}
