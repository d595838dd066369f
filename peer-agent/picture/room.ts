import { area } from '../desktop/rects.ts'
import type { Content, LineNow } from './coder-choice.ts'
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

/** So much of what the line carries may be taken beyond its room, and so many times the room, to send a change whole. */
const OVERDRAFT_SECONDS = 0.08
const OVERDRAFT_ROOMS = 2

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

  /**
   * Makes room for all of a change that is a little too large: a picture of which a part is missing, and goes on to
   * change, costs more in the end and looks torn.
   */
  completeFor(bytes: number, { bytesPerSecond, roomBytes }: LineNow): void {
    const most = roomBytes + Math.min(bytesPerSecond * OVERDRAFT_SECONDS, roomBytes * OVERDRAFT_ROOMS)
    if (bytes <= most) this.#bytes = Math.max(this.#bytes, most)
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
