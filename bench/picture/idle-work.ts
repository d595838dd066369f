import { desktopPicture } from './desktop-picture.ts'
import type { Random } from './random.ts'
import type { Screen } from './screen.ts'
import { renderText } from './text.ts'
import type { Work } from './work.ts'

const FACE = { font: 'DejaVu Sans 11', paper: '#20242a', inks: [] }
const CLOCK = { x: 1500, y: 950 }

/** A desktop on which only a clock goes on. */
export async function idleWork(screen: Screen, random: Random, seconds: number): Promise<Work> {
  const desktop = screen.keep(await desktopPicture(screen.width, screen.height, random))
  const faces: { id: number; width: number; height: number }[] = []
  let time = random.whole(0, 86_000)
  for (let face = 0; face < Math.min(seconds + 2, 60); face++, time++) {
    const [hours, minutes] = [Math.floor(time / 3600), Math.floor(time / 60) % 60]
    const text = `<span foreground="#f0f0f0">${[hours, minutes, time % 60].map((part) => String(part).padStart(2, '0')).join(':')}</span>`
    const bitmap = await renderText(text, FACE)
    faces.push({ id: screen.keep(bitmap), width: bitmap.width, height: bitmap.height })
  }
  return {
    barcode: { x: CLOCK.x, y: CLOCK.y + 20 },
    everyMs: 1000,
    jitterMs: 20,
    begin: () => screen.copy(desktop, 0, 0, { x: 0, y: 0, width: screen.width, height: screen.height }),
    step(number) {
      const face = faces[number % faces.length]!
      screen.copy(face.id, 0, 0, { x: CLOCK.x, y: CLOCK.y, width: face.width, height: face.height })
    },
  }
}
