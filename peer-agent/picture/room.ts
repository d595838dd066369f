import { area } from '../desktop/rects.ts'
import type { Content } from './coder-choice.ts'
import type { CodedTile, PlannedTile } from './tile-coder.ts'

/** Bytes a pixel before anything was coded. */
const FIRST = { text: 0.15, photo: 1 } as const
/** A tile of this size says half of what will be expected of the next. */
const HALF_PIXELS = 32_768

/** Guesses how many bytes tiles will have, from those coded before. */
export class ByteGuess {
  readonly #perPixel: Record<Content, number> = { ...FIRST }

  of({ content, rect }: Pick<PlannedTile, 'content' | 'rect'>): number {
    return this.#perPixel[content] * area(rect)
  }

  learn(content: Content, { tile }: CodedTile): void {
    const pixels = area(tile)
    const weight = pixels / (pixels + HALF_PIXELS)
    this.#perPixel[content] += weight * (tile.bytes / pixels - this.#perPixel[content])
  }
}

/** The room that an update has on the line, while its tiles are being coded. */
export class Room {
  readonly #guess: ByteGuess
  #bytes: number

  constructor(bytes: number, guess: ByteGuess) {
    this.#bytes = bytes
    this.#guess = guess
  }

  get hasMore(): boolean {
    return this.#bytes > 0
  }

  /** Takes room for a tile as it is guessed, and puts that right once it is coded. */
  async take(planned: PlannedTile): Promise<CodedTile> {
    const guessed = this.#guess.of(planned)
    this.#bytes -= guessed
    const coded = await planned.code()
    this.#bytes += guessed - coded.bytes.length
    this.#guess.learn(planned.content, coded)
    return coded
  }
}
