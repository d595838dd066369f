import type { CursorShape } from '../picture/cursor-decoder.ts'

/** Browsers refuse larger cursors. */
const MOST_PX = 128

/**
 * The customer's cursor as the expert's own, for CSS: it is where the hand is, without waiting for the line.
 * `default` where there is none, or where nothing of it could be seen.
 */
export function cursorStyle(shape: CursorShape | null): string {
  if (!shape || shape.width > MOST_PX || shape.height > MOST_PX) return 'default'
  if (!shape.rgba.some((value, index) => index % 4 === 3 && value > 0)) return 'default'
  const canvas = document.createElement('canvas')
  canvas.width = shape.width
  canvas.height = shape.height
  const image = new ImageData(shape.rgba, shape.width, shape.height, { colorSpace: 'srgb' })
  canvas.getContext('2d', { colorSpace: 'srgb' })?.putImageData(image, 0, 0)
  return `url(${canvas.toDataURL()}) ${shape.hotX} ${shape.hotY}, default`
}
