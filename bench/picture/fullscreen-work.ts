import { desktopPicture } from './desktop-picture.ts'
import type { Random } from './random.ts'
import type { Place, Screen } from './screen.ts'
import { cutRgb } from './text.ts'
import type { Work } from './work.ts'

const EVERY_MS = 2000
const STRIP = { width: 320, height: 16 }
/** Spread over the screen, clear of the barcode and of the mark at the top right. */
const STRIPS: readonly Place[] = [120, 760, 1400].flatMap((x) =>
  [260, 560, 900].map((y) => ({ x, y, ...STRIP })),
)

/** Every two seconds another whole screen, as when somebody switches between windows that fill it. */
export async function fullscreenWork(screen: Screen, random: Random, seconds: number): Promise<Work> {
  const { width, height } = screen
  const pictures: number[] = []
  const rgb: Buffer[] = []
  for (let picture = 0; picture <= Math.ceil((seconds * 1000) / EVERY_MS); picture++) {
    const bitmap = await desktopPicture(width, height, random)
    pictures.push(screen.keep(bitmap))
    if (picture > 0) rgb.push(Buffer.concat(STRIPS.map((place) => cutRgb(bitmap, place))))
  }
  return {
    barcode: { x: 784, y: 480 },
    everyMs: EVERY_MS,
    jitterMs: 30,
    strips: { places: STRIPS, rgb },
    begin: () => screen.copy(pictures[0]!, 0, 0, { x: 0, y: 0, width, height }),
    step: (number) => screen.copy(pictures[number % pictures.length]!, 0, 0, { x: 0, y: 0, width, height }),
  }
}
