import {
  FILM_BLOCK_PIXELS,
  FILM_MIN_WIDTH,
  FILM_STRIP_ROWS,
  readFilmBlocks,
} from '../../protocol/film-strip.ts'
import type { Film } from '../../protocol/messages/picture.ts'
import { type HeldImage, sizeOf } from './held-image.ts'

/** Middle between black and white, for luma as for a colour. */
const LIGHT_FROM = 128
const BLOCKS = FILM_MIN_WIDTH / FILM_BLOCK_PIXELS
const GREEN = 1

/**
 * Reads which film a frame says it belongs to, where it belongs to one of this size. The frame may come smaller than
 * it was sent; only its proportions count.
 */
export class FilmStripReader {
  #small: OffscreenCanvasRenderingContext2D | undefined

  async idIn(frame: HeldImage, film: Film): Promise<number | null> {
    const isPlanar = 'format' in frame && /^(I4|NV12)/.test(frame.format ?? '')
    return readFilmBlocks(isPlanar ? await lightsByLuma(frame, film) : this.#lightsByDrawing(frame, film))
  }

  #lightsByDrawing(frame: HeldImage, film: Film): boolean[] {
    const { width, height } = sizeOf(frame)
    const strip = (FILM_STRIP_ROWS / (film.height + FILM_STRIP_ROWS)) * height
    const block = (FILM_BLOCK_PIXELS / film.width) * width
    this.#small ??= openSmall()
    this.#small.drawImage(frame, 0, height - strip * 0.75, block * BLOCKS, strip / 2, 0, 0, BLOCKS * 3, 3)
    const { data } = this.#small.getImageData(0, 1, BLOCKS * 3, 1)
    return Array.from({ length: BLOCKS }, (_, at) => data[(at * 3 + 1) * 4 + GREEN]! >= LIGHT_FROM)
  }
}

/** Two rows of the strip copied out cost a fiftieth of drawing the frame to look at it. */
async function lightsByLuma(frame: VideoFrame, film: Film): Promise<boolean[]> {
  const shown = frame.visibleRect ?? new DOMRectReadOnly(0, 0, frame.codedWidth, frame.codedHeight)
  const even = (value: number) => Math.floor(value / 2) * 2
  const rect = {
    x: even(shown.x),
    y: even(shown.y + ((film.height + FILM_STRIP_ROWS / 2) / (film.height + FILM_STRIP_ROWS)) * shown.height),
    width: even(shown.width),
    height: 2,
  }
  const bytes = new Uint8Array(frame.allocationSize({ rect }))
  const [luma] = await frame.copyTo(bytes, { rect })
  const block = (FILM_BLOCK_PIXELS / film.width) * shown.width
  return Array.from({ length: BLOCKS }, (_, at) => {
    const x = Math.min(rect.width - 1, Math.floor((at + 0.5) * block))
    return bytes[luma!.offset + x]! >= LIGHT_FROM
  })
}

function openSmall(): OffscreenCanvasRenderingContext2D {
  const context = new OffscreenCanvas(BLOCKS * 3, 3).getContext('2d', {
    alpha: false,
    willReadFrequently: true,
  })
  if (!context) throw new Error('this browser gives no 2d context to a worker')
  return context
}
