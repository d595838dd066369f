import { desktopPicture } from './desktop-picture.ts'
import type { Random } from './random.ts'
import type { Place, Screen } from './screen.ts'
import { cutRgb, STYLES, textPage } from './text.ts'
import type { Work } from './work.ts'

const EVERY_MS = 5000
const DIALOG = { x: 660, y: 380, width: 520, height: 260 }
/** Of its text; the barcode is below it. */
const STRIPS: readonly Place[] = [20, 90, 160].map((y) => ({
  x: DIALOG.x + 20,
  y: DIALOG.y + y,
  width: 320,
  height: 16,
}))

/** A dialog of text in 10 points stands in the middle of a desktop; now and then it says something else. */
export async function dialogWork(screen: Screen, random: Random, seconds: number): Promise<Work> {
  const desktop = screen.keep(await desktopPicture(screen.width, screen.height, random))
  const dialogs: number[] = []
  const rgb: Buffer[] = []
  for (let dialog = 0; dialog <= Math.ceil((seconds * 1000) / EVERY_MS); dialog++) {
    const bitmap = await textPage(DIALOG.width, DIALOG.height, STYLES[1]!, random)
    dialogs.push(screen.keep(bitmap))
    const inside = STRIPS.map((place) => ({ ...place, x: place.x - DIALOG.x, y: place.y - DIALOG.y }))
    if (dialog > 0) rgb.push(Buffer.concat(inside.map((place) => cutRgb(bitmap, place))))
  }
  return {
    barcode: { x: DIALOG.x + 20, y: DIALOG.y + DIALOG.height - 24 },
    everyMs: EVERY_MS,
    jitterMs: 30,
    strips: { places: STRIPS, rgb },
    begin() {
      screen.copy(desktop, 0, 0, { x: 0, y: 0, width: screen.width, height: screen.height })
      screen.copy(dialogs[0]!, 0, 0, DIALOG)
    },
    step: (number) => screen.copy(dialogs[number % dialogs.length]!, 0, 0, DIALOG),
  }
}
