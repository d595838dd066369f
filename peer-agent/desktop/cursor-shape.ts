import type { CursorShape } from './port.ts'

/** Both ends refuse larger cursors. */
const MOST_SIDE = 256

/** From what X and Windows hand out: little endian ARGB words, premultiplied. */
export function straightCursor(
  premultiplied: Uint8Array,
  size: { width: number; height: number; hotX: number; hotY: number; id: number },
): CursorShape {
  const rgba = new Uint8Array(size.width * size.height * 4)
  for (let at = 0; at < rgba.length; at += 4) {
    const alpha = premultiplied[at + 3]!
    if (alpha === 0) continue
    rgba[at] = unmultiply(premultiplied[at + 2]!, alpha)
    rgba[at + 1] = unmultiply(premultiplied[at + 1]!, alpha)
    rgba[at + 2] = unmultiply(premultiplied[at]!, alpha)
    rgba[at + 3] = alpha
  }
  return shrink({ ...size, rgba })
}

function unmultiply(value: number, alpha: number): number {
  return Math.min(255, Math.round((value * 255) / alpha))
}

/** Some people enlarge their cursor very much; every n-th pixel of it still shows what it is. */
function shrink(shape: CursorShape): CursorShape {
  const step = Math.ceil(Math.max(shape.width, shape.height) / MOST_SIDE)
  const width = Math.max(1, Math.floor(shape.width / step))
  const height = Math.max(1, Math.floor(shape.height / step))
  const hotX = Math.min(width - 1, Math.floor(shape.hotX / step))
  const hotY = Math.min(height - 1, Math.floor(shape.hotY / step))
  if (step === 1) return { ...shape, hotX, hotY }
  const rgba = new Uint8Array(width * height * 4)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = (y * step * shape.width + x * step) * 4
      rgba.set(shape.rgba.subarray(from, from + 4), (y * width + x) * 4)
    }
  }
  return { id: shape.id, width, height, hotX, hotY, rgba }
}
