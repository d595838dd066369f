import type { I420Frame } from '../../peer/wrtc.ts'
import { FILM_BLOCK_PIXELS, FILM_STRIP_ROWS, filmBlocks } from '../../protocol/film-strip.ts'

export type Rgb = readonly [number, number, number]

/** `colours`: of the four quarters, from left to right and from top to bottom. Sizes are even. */
export interface Scene {
  readonly id: number
  readonly width: number
  readonly height: number
  readonly colours: readonly [Rgb, Rgb, Rgb, Rgb]
  /** Seed of a noise on all of luma, for a film that is hard to code. */
  readonly noise?: number
}

export const QUARTERS: Scene['colours'] = [
  [226, 0, 116],
  [20, 140, 40],
  [30, 60, 200],
  [240, 200, 20],
]

/** A frame as the picture worker makes it: the film's own rows, and the strip with its id below them. */
export function filmFrame({ id, width, height, colours, noise }: Scene): I420Frame {
  const rows = height + FILM_STRIP_ROWS
  const luma = width * rows
  const data = new Uint8Array(luma * 1.5).fill(128)
  for (const [quarter, colour] of colours.entries()) {
    const [y, u, v] = toYuv(colour)
    const left = quarter % 2 ? width / 2 : 0
    const top = quarter > 1 ? height / 2 : 0
    fill(data, 0, width, left, top, width / 2, height / 2, y)
    fill(data, luma, width / 2, left / 2, top / 2, width / 4, height / 4, u)
    fill(data, luma * 1.25, width / 2, left / 2, top / 2, width / 4, height / 4, v)
  }
  if (noise !== undefined) addNoise(data.subarray(0, width * height), noise)
  fill(data, 0, width, 0, height, width, FILM_STRIP_ROWS, 16)
  for (const [at, isLight] of filmBlocks(id).entries()) {
    if (isLight) fill(data, 0, width, at * FILM_BLOCK_PIXELS, height, FILM_BLOCK_PIXELS, FILM_STRIP_ROWS, 235)
  }
  return { width, height: rows, data }
}

function fill(
  plane: Uint8Array,
  start: number,
  stride: number,
  left: number,
  top: number,
  width: number,
  height: number,
  value: number,
): void {
  for (let row = top; row < top + height; row++) {
    const at = start + row * stride + left
    plane.fill(value, at, at + width)
  }
}

/** BT.601, limited range: what VP8 means. */
function toYuv([r, g, b]: Rgb): Rgb {
  return [
    Math.round(16 + 0.257 * r + 0.504 * g + 0.098 * b),
    Math.round(128 - 0.148 * r - 0.291 * g + 0.439 * b),
    Math.round(128 + 0.439 * r - 0.368 * g - 0.071 * b),
  ]
}

/** The same seed gives the same noise; the numbers are those of a common linear congruential generator. */
function addNoise(luma: Uint8Array, seed: number): void {
  let state = seed
  for (let at = 0; at < luma.length; at++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0
    luma[at] = 16 + (luma[at]! + (state >>> 24)) / 3
  }
}
