import { type Static, Type } from 'typebox'
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
 * One losslessly coded rectangle; its `bytes` bytes follow in the payload, in the order of `rects`.
 * - `solid`: 3 bytes R, G, B.
 * - `palette`: raw DEFLATE (RFC 1951) of: count − 1 (1 byte), count × RGB, then one index a pixel, row by row.
 * - `rgb`: raw DEFLATE of width × height × RGB, every row but the first less the row above, modulo 256.
 */
export const Tile = Type.Object({
  ...place,
  coding: Type.Union([Type.Literal('solid'), Type.Literal('palette'), Type.Literal('rgb')]),
  bytes: Type.Integer({ minimum: 1, maximum: MAX_UPDATE_BYTES }),
})
export type Tile = Static<typeof Tile>

/** Agent → expert on the `picture` channel, as a frame whose payload is all tiles' bytes. Applied whole. */
const PictureUpdate = Type.Object({
  t: Type.Literal('update'),
  /** Counts up from 1 on each link; answered by `drawn` on the control channel. */
  seq: Type.Integer({ minimum: 1 }),
  /** Present on the first update and when it changed: the canvas is cleared to this size first. */
  layout: Type.Optional(ScreenLayout),
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
