import type { ScreenLayout, Tile } from '../../protocol/messages/picture.ts'
import { Refusal } from '../../protocol/refusals.ts'

/** Largest screen in pixels that the page makes a canvas for: eight 4K monitors, 256 MiB. */
export const MAX_SCREEN_AREA = 8 * 3840 * 2160
/** Tiles of one update may overlap, but not paint the screen over and over: that would only cost memory. */
export const MOST_COATS = 2

interface Place {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

function lies(inner: Place, outer: { readonly width: number; readonly height: number }): boolean {
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
 * Checks everything about an update's tiles that can be known before a byte is inflated.
 * Throws a `Refusal`: malformed (a tile outside the screen, bytes missing or left over) or too-large.
 */
export function checkTiles(tiles: readonly Tile[], payloadBytes: number, layout: ScreenLayout): void {
  let bytes = 0
  let area = 0
  for (const tile of tiles) {
    if (!lies(tile, layout)) throw new Refusal('malformed')
    if (tile.coding === 'solid' && tile.bytes !== 3) throw new Refusal('malformed')
    bytes += tile.bytes
    area += tile.width * tile.height
  }
  if (bytes !== payloadBytes) throw new Refusal('malformed')
  if (area > MOST_COATS * layout.width * layout.height) throw new Refusal('too-large')
}
