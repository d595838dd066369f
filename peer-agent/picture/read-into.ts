import type { Rect, ScreenReader } from '../desktop/port.ts'
import type { Frame, Pixels } from './pixels.ts'

/**
 * Reads these rectangles of the screen into their places, each at one go: a page that scrolls while it is read in parts
 * would be torn, and no one shift would explain it. Resolves to false where one is no longer all on the screen.
 */
export async function readInto(
  reader: ScreenReader,
  pixels: Pixels,
  rects: readonly Rect[],
  frame: Frame,
): Promise<boolean> {
  for (const rect of rects) {
    const memory = pixels.scratch(rect.width * rect.height * 4)
    if (!(await reader.read(rect, memory))) return false
    pixels.blit(rect, frame)
  }
  return true
}
