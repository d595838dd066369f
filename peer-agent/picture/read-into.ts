import type { Rect, ScreenReader } from '../desktop/port.ts'
import type { Frame, Pixels } from './pixels.ts'

/** Read in one go: a megabyte. While it is put in its place, the system copies the next. */
const BAND_BYTES = 1024 * 1024
const bands = [Buffer.alloc(BAND_BYTES), Buffer.alloc(BAND_BYTES)] as const

/** Reads these rectangles of the screen into their places. Resolves to false where one is no longer all on the screen. */
export async function readInto(
  reader: ScreenReader,
  pixels: Pixels,
  rects: readonly Rect[],
  frame: Frame,
): Promise<boolean> {
  const parts = rects.flatMap(inBands)
  const start = (index: number) => {
    const part = parts[index]
    const reading = part && reader.read(part, bands[index % 2 === 0 ? 0 : 1])
    // Awaited one turn later: until then a lost screen must not count as nobody's error.
    reading?.catch(() => {})
    return reading
  }
  let reading = start(0)
  let isWhole = true
  for (const [index, part] of parts.entries()) {
    const isRead = await reading
    reading = start(index + 1)
    isWhole &&= isRead === true
    if (!isRead) continue
    const bytes = part.width * part.height * 4
    pixels.scratch(bytes).set(bands[index % 2 === 0 ? 0 : 1].subarray(0, bytes))
    pixels.blit(part, frame)
  }
  await reading
  return isWhole
}

function inBands({ x, y, width, height }: Rect): Rect[] {
  const rows = Math.max(1, Math.floor(BAND_BYTES / (width * 4)))
  const parts: Rect[] = []
  for (let from = 0; from < height; from += rows) {
    parts.push({ x, y: y + from, width, height: Math.min(rows, height - from) })
  }
  return parts
}
