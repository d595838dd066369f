/**
 * A frame of the film does not say over RTP which film it belongs to, so the picture itself does: below the film's own
 * rows stands a strip of blocks, light for 1 and dark for 0, which even a poor coding leaves readable. A late frame of
 * a film that is over can't be drawn by mistake.
 */
export const FILM_STRIP_ROWS = 16
export const FILM_BLOCK_PIXELS = 8
const ID_BITS = 16
const CHECK_BITS = 8
/** A film is at least as wide as its strip. */
export const FILM_MIN_WIDTH = (ID_BITS + CHECK_BITS) * FILM_BLOCK_PIXELS

/** The blocks of the strip from left to right. */
export function filmBlocks(id: number): boolean[] {
  const value = (id << CHECK_BITS) | checkOf(id)
  return Array.from(
    { length: ID_BITS + CHECK_BITS },
    (_, at) => ((value >> (ID_BITS + CHECK_BITS - 1 - at)) & 1) === 1,
  )
}

/** The id in these blocks, or null where they are none. */
export function readFilmBlocks(blocks: readonly boolean[]): number | null {
  const value = blocks.reduce((sum, isLight) => sum * 2 + (isLight ? 1 : 0), 0)
  const id = value >> CHECK_BITS
  return blocks.length === ID_BITS + CHECK_BITS && checkOf(id) === (value & 0xff) ? id : null
}

/** A strip that is all dark or all light says nothing. */
function checkOf(id: number): number {
  return ((id >> 8) * 31 + (id & 0xff) * 17 + 0xa5) & 0xff
}
