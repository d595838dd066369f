import type { Random } from './random.ts'
import type { Screen } from './screen.ts'
import { STYLES, textPage } from './text.ts'
import type { Work } from './work.ts'

const FIELD = { x: 600, y: 500, width: 120, height: 90 }

/** A page of text with a field that turns from black to white and back with each key that arrives. */
export async function keysWork(screen: Screen, random: Random): Promise<Work> {
  const page = screen.keep(await textPage(screen.width, screen.height, STYLES[0]!, random))
  return {
    barcode: { x: FIELD.x, y: FIELD.y + FIELD.height + 8 },
    everyMs: null,
    jitterMs: 0,
    begin() {
      screen.copy(page, 0, 0, { x: 0, y: 0, width: screen.width, height: screen.height })
      screen.takeFocus()
    },
    step: (number) => screen.fill(FIELD, number % 2 === 0),
  }
}
