import { type Static, Type } from 'typebox'
import { CELL, KEPT_CELLS } from '../cells.ts'
import { codecOf } from '../codec.ts'

/** Largest picture update once its parts are joined: a full 4K screen that does not compress. */
export const MAX_UPDATE_BYTES = 40 * 1024 * 1024
/** Largest screen side in pixels that either end accepts. */
export const MAX_SCREEN_SIDE = 32_768

const Side = Type.Integer({ minimum: 1, maximum: MAX_SCREEN_SIDE })
const Place = Type.Integer({ minimum: 0, maximum: MAX_SCREEN_SIDE })
const place = { x: Place, y: Place, width: Side, height: Side }

export const MonitorPlace = Type.Object({
  id: Type.String({ minLength: 1, maxLength: 128 }),
  primary: Type.Boolean(),
  ...place,
})
export const ScreenLayout = Type.Object({
  width: Side,
  height: Side,
  monitors: Type.Array(MonitorPlace, { minItems: 1, maxItems: 16 }),
})
export type ScreenLayout = Static<typeof ScreenLayout>

/**
 * One coded rectangle; its `bytes` bytes follow in the payload, in the order of `tiles`.
 * - `solid`: 3 bytes R, G, B.
 * - `palette`: raw DEFLATE (RFC 1951) of: count − 1 (1 byte), count × RGB, then the rows of indices, each row filled up
 *   to whole bytes, most significant bits first: 1 bit a pixel for up to 2 colours, 2 for 4, 4 for 16, otherwise 8.
 * - `rgb`: raw DEFLATE of width × height × RGB, every row but the first less the row above, modulo 256.
 * - `webp`, `jpeg`: an image file of that format and this size. Lossless or not is the sender's business: whatever is
 *   not exact, it repairs with tiles that are.
 */
export const Tile = Type.Object({
  ...place,
  coding: Type.Enum(['solid', 'palette', 'rgb', 'webp', 'jpeg']),
  bytes: Type.Integer({ minimum: 1, maximum: MAX_UPDATE_BYTES }),
})
export type Tile = Static<typeof Tile>

/** This rectangle gets what was at `fromX`, `fromY`; the two may overlap. */
const Copy = Type.Object({ ...place, fromX: Place, fromY: Place })
export type Copy = Static<typeof Copy>

/** `cells` cells from the one whose corner is at x, y to the right, and as many slots from `slot` on. */
const CellRun = Type.Object({
  x: Place,
  y: Place,
  cells: Type.Integer({ minimum: 1, maximum: MAX_SCREEN_SIDE / CELL }),
  slot: Type.Integer({ minimum: 0, maximum: KEPT_CELLS - 1 }),
})
export type CellRun = Static<typeof CellRun>

/** A part of the screen that the video track shows: even place and size. Frames carry `id` in their strip. */
export const Film = Type.Object({ id: Type.Integer({ minimum: 1, maximum: 0xffff }), ...place })
export type Film = Static<typeof Film>

/**
 * Agent → expert on the `picture` channel, as a frame whose payload is all tiles' bytes. Applied whole, in the order
 * layout, film, copies, keeps, recalls, tiles; each copy sees what those before it did. A new layout ends a film that
 * this update does not name. A cell can be recalled only where it has the size of the one that was kept.
 */
const PictureUpdate = Type.Object({
  t: Type.Literal('update'),
  /** Counts up from 1 on each link; answered by `drawn` on the control channel. */
  seq: Type.Integer({ minimum: 1 }),
  /** Present on the first update and when it changed: the canvas is cleared to this size first, and no cell is kept. */
  layout: Type.Optional(ScreenLayout),
  /** A film begins, or (null) ends: frames of any other id are not drawn from now on. */
  film: Type.Optional(Type.Union([Film, Type.Null()])),
  copies: Type.Optional(Type.Array(Copy, { maxItems: 1024 })),
  /** What is in these cells after the copies is kept in these slots: it is about to be covered. */
  keeps: Type.Optional(Type.Array(CellRun, { maxItems: KEPT_CELLS })),
  /** What is kept in these slots is shown again. */
  recalls: Type.Optional(Type.Array(CellRun, { maxItems: KEPT_CELLS })),
  tiles: Type.Array(Tile, { maxItems: 4096 }),
})
/** Agent → expert on the `picture` channel; payload: raw DEFLATE of width × height straight RGBA. */
const CursorLooks = Type.Object({
  t: Type.Literal('cursor'),
  width: Type.Integer({ minimum: 1, maximum: 256 }),
  height: Type.Integer({ minimum: 1, maximum: 256 }),
  hotX: Type.Integer({ minimum: 0, maximum: 255 }),
  hotY: Type.Integer({ minimum: 0, maximum: 255 }),
})
export const PictureMessage = Type.Union([PictureUpdate, CursorLooks])
export type PictureMessage = Static<typeof PictureMessage>
export type PictureUpdate = Static<typeof PictureUpdate>
export type CursorLooks = Static<typeof CursorLooks>
export const pictureMessage = codecOf(PictureMessage, 1024 * 1024)

/** Agent → expert on the `pointer` channel, which may drop: where the customer's cursor is. Newest `n` wins. */
const CursorPlace = Type.Object({
  t: Type.Literal('cursor-place'),
  n: Type.Integer({ minimum: 0 }),
  x: Place,
  y: Place,
})
export const PointerMessage = Type.Union([CursorPlace])
export type PointerMessage = Static<typeof PointerMessage>
export const pointerMessage = codecOf(PointerMessage, 1024)
