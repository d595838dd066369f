import fc from 'fast-check'
import type { Rect } from '../../../peer-agent/desktop/port.ts'

export interface PictureWithRect {
  readonly width: number
  readonly height: number
  readonly rect: Rect
  readonly seed: number
}

/** Odd sizes, and rectangles of every kind in them: at the edges, of one pixel, of all. */
export function picturesWithRect(most: number): fc.Arbitrary<PictureWithRect> {
  const span = fc.tuple(
    fc.integer({ min: 1, max: most }),
    fc.double({ min: 0, max: 1, noNaN: true }),
    fc.double({ min: 0, max: 1, noNaN: true }),
  )
  return fc.tuple(span, span, fc.nat()).map(([across, down, seed]) => {
    const [width, x, toRight] = inSpan(across)
    const [height, y, toBottom] = inSpan(down)
    return { width, height, rect: { x, y, width: toRight, height: toBottom }, seed }
  })
}

function inSpan([size, start, share]: [number, number, number]): [number, number, number] {
  const from = Math.min(size - 1, Math.floor(start * 1.5 * size - 0.25 * size))
  const begin = Math.max(0, from)
  return [size, begin, Math.max(1, Math.ceil(share * (size - begin)))]
}
