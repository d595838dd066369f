import { photo } from './photo.ts'
import type { Random } from './random.ts'
import type { Bitmap, Screen } from './screen.ts'
import { STYLES, textPage } from './text.ts'
import type { Work } from './work.ts'

const FRAMES_PER_SECOND = 30
const MOST_FRAMES = 150
export const FILM = { x: 320, y: 240, width: 640, height: 360 }

/** A page of text with a film in it: the camera pans over a landscape, something passes in front, and the film has grain. */
export async function filmWork(screen: Screen, random: Random, seconds: number): Promise<Work> {
  const page = screen.keep(await textPage(screen.width, screen.height, STYLES[1]!, random))
  const landscape = await photo(1280, 720, random)
  const passer = await photo(640, 360, random)
  const count = Math.min(MOST_FRAMES, Math.ceil(seconds * FRAMES_PER_SECOND) + 1)
  const grain = Int8Array.from({ length: 4096 }, () => random.whole(-2, 2))
  const frames: number[] = []
  for (let frame = 0; frame < count; frame++)
    frames.push(screen.keep(filmFrame(landscape, passer, grain, frame, random.whole(0, 4095))))
  return {
    barcode: { x: FILM.x + 16, y: FILM.y + 16 },
    everyMs: 1000 / FRAMES_PER_SECOND,
    jitterMs: 1.5,
    begin() {
      screen.copy(page, 0, 0, { x: 0, y: 0, width: screen.width, height: screen.height })
      screen.copy(frames[0]!, 0, 0, FILM)
    },
    step(number) {
      // Forth and back, so that a long run has no cut in it.
      const round = number % (2 * (frames.length - 1))
      screen.copy(frames[round < frames.length ? round : 2 * (frames.length - 1) - round]!, 0, 0, FILM)
    },
  }
}

function filmFrame(
  landscape: Bitmap,
  passer: Bitmap,
  grain: Int8Array,
  frame: number,
  noise: number,
): Bitmap {
  const { width, height } = FILM
  const bgrx = Buffer.alloc(width * height * 4)
  const panX = Math.round(320 + 300 * Math.sin(frame / 40))
  const panY = Math.round(180 + 160 * Math.sin(frame / 55))
  const [centreX, centreY] = [((frame * 7) % (width + 200)) - 100, 180 + 80 * Math.sin(frame / 12)]
  for (let y = 0, to = 0; y < height; y++) {
    for (let x = 0; x < width; x++, to += 4) {
      const isPasser = (x - centreX) ** 2 + (y - centreY) ** 2 < 95 ** 2
      const from = isPasser
        ? (y * passer.width + ((x - Math.round(centreX) + width) % width)) * 4
        : ((y + panY) * landscape.width + x + panX) * 4
      const source = isPasser ? passer.bgrx : landscape.bgrx
      const grit = grain[(noise + x * 31 + y * 97 + ((x * y) >> 3)) & 4095]!
      for (let channel = 0; channel < 3; channel++) {
        const value = source[from + channel]! + grit
        bgrx[to + channel] = Math.max(0, Math.min(255, value))
      }
    }
  }
  return { width, height, bgrx }
}
