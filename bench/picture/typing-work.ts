import type { Random } from './random.ts'
import type { Screen } from './screen.ts'
import { lineOf, renderText, STYLES, textPage } from './text.ts'
import type { Work } from './work.ts'

const EDITOR = { x: 500, y: 300, width: 760, height: 360 }
const LINE_PIXELS = 18
const CHARACTERS = 88

/** Somebody types, eight keys a second: glyph after glyph, and a line up at the end of each line. */
export async function typingWork(screen: Screen, random: Random, seconds: number): Promise<Work> {
  const page = screen.keep(await textPage(screen.width, screen.height, STYLES[0]!, random))
  const lines: { id: number; width: number; height: number }[] = []
  for (let left = seconds * 8 + CHARACTERS; left > 0 && lines.length < 40; left -= CHARACTERS) {
    const bitmap = await renderText(lineOf(random, CHARACTERS), STYLES[0]!)
    lines.push({ id: screen.keep(bitmap), width: bitmap.width, height: bitmap.height })
  }
  const typed = { x: EDITOR.x + 8, y: EDITOR.y + EDITOR.height - LINE_PIXELS - 4 }
  const caret = (at: number, isThere: boolean) =>
    screen.fill({ x: typed.x + at + 1, y: typed.y, width: 2, height: LINE_PIXELS - 2 }, !isThere)
  return {
    barcode: { x: EDITOR.x, y: EDITOR.y + EDITOR.height + 8 },
    everyMs: 125,
    jitterMs: 12,
    begin() {
      screen.copy(page, 0, 0, { x: 0, y: 0, width: screen.width, height: screen.height })
      screen.fill(EDITOR, true)
    },
    step(number) {
      const line = lines[Math.floor((number - 1) / CHARACTERS) % lines.length]!
      const column = (number - 1) % CHARACTERS
      const [from, to] = [column, column + 1].map((at) => Math.round((at * line.width) / CHARACTERS)) as [
        number,
        number,
      ]
      if (column === 0 && number > 1) {
        const above = EDITOR.height - 2 * LINE_PIXELS
        caret(line.width, false)
        const place = { x: EDITOR.x, y: EDITOR.y + LINE_PIXELS, width: EDITOR.width, height: above }
        screen.copy(screen.window, EDITOR.x, place.y + LINE_PIXELS, place)
        screen.fill({ ...place, y: typed.y - 2, height: LINE_PIXELS + 2 }, true)
      }
      caret(from, false)
      screen.copy(line.id, from, 0, { x: typed.x + from, y: typed.y, width: to - from, height: line.height })
      caret(to, true)
    },
  }
}
