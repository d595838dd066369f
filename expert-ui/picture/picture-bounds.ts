import { CELL, KEPT_CELLS } from '../../protocol/cells.ts'
import { FILM_MIN_WIDTH } from '../../protocol/film-strip.ts'
import type {
  CellRun,
  Copy,
  Film,
  PictureUpdate,
  ScreenLayout,
  Tile,
} from '../../protocol/messages/picture.ts'
import { Refusal } from '../../protocol/refusals.ts'

/** Largest screen in pixels that the page makes a canvas for: eight 4K monitors, 256 MiB. */
export const MAX_SCREEN_AREA = 8 * 3840 * 2160
/**
 * Tiles of one update may overlap, but not paint the screen over and over: that would only cost memory. The same for
 * its copies, recalls and keeps, each by themselves: they would only cost time.
 */
export const MOST_COATS = 2

interface Size {
  readonly width: number
  readonly height: number
}

interface Place extends Size {
  readonly x: number
  readonly y: number
}

function lies(inner: Place, outer: Size): boolean {
  return (
    inner.x >= 0 &&
    inner.y >= 0 &&
    inner.width >= 1 &&
    inner.height >= 1 &&
    inner.x + inner.width <= outer.width &&
    inner.y + inner.height <= outer.height
  )
}

/** Throws a `Refusal`: too-large (the screen) or malformed (a monitor outside the screen). */
export function checkLayout(layout: ScreenLayout): void {
  if (layout.width * layout.height > MAX_SCREEN_AREA) throw new Refusal('too-large')
  if (!layout.monitors.every((monitor) => lies(monitor, layout))) throw new Refusal('malformed')
}

/**
 * Checks everything about an update that can be known before a byte is decoded, but for what the slots hold.
 * Throws a `Refusal`: malformed (outside the screen or its grid, bytes missing or left over) or too-large.
 */
export function checkUpdate(update: PictureUpdate, payloadBytes: number, screen: Size): void {
  if (update.film) checkFilm(update.film, screen)
  if (update.copies) checkCopies(update.copies, screen)
  if (update.recalls) checkRuns(update.recalls, screen)
  checkTiles(update.tiles, payloadBytes, screen)
  if (update.keeps) checkRuns(update.keeps, screen)
}

function checkFilm(film: Film, screen: Size): void {
  const isEven = [film.x, film.y, film.width, film.height].every((value) => value % 2 === 0)
  if (!isEven || film.width < FILM_MIN_WIDTH || !lies(film, screen)) throw new Refusal('malformed')
}

function checkCopies(copies: readonly Copy[], screen: Size): void {
  for (const copy of copies) {
    if (!lies(copy, screen) || !lies({ ...copy, x: copy.fromX, y: copy.fromY }, screen))
      throw new Refusal('malformed')
  }
  checkCoats(copies, screen)
}

function checkRuns(runs: readonly CellRun[], screen: Size): void {
  const across = Math.ceil(screen.width / CELL)
  let cells = 0
  for (const run of runs) {
    const isOnGrid = run.x % CELL === 0 && run.y % CELL === 0 && run.y < screen.height
    if (!isOnGrid || run.x / CELL + run.cells > across) throw new Refusal('malformed')
    if (run.slot + run.cells > KEPT_CELLS) throw new Refusal('malformed')
    cells += run.cells
  }
  if (cells > MOST_COATS * across * Math.ceil(screen.height / CELL)) throw new Refusal('too-large')
}

function checkTiles(tiles: readonly Tile[], payloadBytes: number, screen: Size): void {
  let bytes = 0
  for (const tile of tiles) {
    if (!lies(tile, screen)) throw new Refusal('malformed')
    if (tile.coding === 'solid' && tile.bytes !== 3) throw new Refusal('malformed')
    bytes += tile.bytes
  }
  if (bytes !== payloadBytes) throw new Refusal('malformed')
  checkCoats(tiles, screen)
}

function checkCoats(places: readonly Size[], screen: Size): void {
  const area = places.reduce((sum, { width, height }) => sum + width * height, 0)
  if (area > MOST_COATS * screen.width * screen.height) throw new Refusal('too-large')
}
