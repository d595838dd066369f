import { FILM_MIN_WIDTH } from '../../protocol/film-strip.ts'
import type { Film } from '../../protocol/messages/picture.ts'
import type { Rect } from '../desktop/port.ts'
import { area } from '../desktop/rects.ts'
import { isInside } from './cell-marks.ts'
import type { Content, LineNow } from './coder-choice.ts'

/** How the region in motion goes to the expert now. */
export type Moving =
  /** Nothing moves, or so little that exact tiles do. */
  | { readonly by: 'tiles' }
  /** One picture with losses for each capture: no jitter buffer, but many bytes. */
  | { readonly by: 'stills'; readonly region: Rect }
  /** The video track. Stills go beside it until the page has shown its first frame. */
  | { readonly by: 'video'; readonly film: Film; readonly isShown: boolean }

/** Bytes a pixel of one frame: exact text, or a photograph as a coarse JPEG. */
const BYTES_PER_PIXEL = { text: 0.15, photo: 0.15 } as const
/** So many frames a second the line must carry without video: text stays exact as long as it can. */
const FRAMES_PER_SECOND = {
  sharp: { text: 8, photo: 25 },
  smooth: { text: 20, photo: 28 },
} as const
/** Of the line, for what moves. */
const SHARE_OF_LINE = 0.5
const MOST_FILMED_TEXT_PIXELS = 500_000
/** A film goes on until the line could carry twice what would have kept it from beginning. */
const BACK = 2
/** On less, motion waits and text comes first, unless the expert wants it otherwise. */
const LEAST_VIDEO_BYTES_PER_SECOND = { sharp: 60_000, smooth: 15_000 } as const

/** Decides by what way the moving region goes, and numbers the films. Pure but for the count. */
export class FilmDirector {
  #nextId = 1
  #now: Moving = { by: 'tiles' }

  get now(): Moving {
    return this.#now
  }

  step(region: Rect | undefined, content: Content, line: LineNow, screen: Rect): Moving {
    this.#now = this.#next(region, content, line, screen)
    return this.#now
  }

  /** The page has a frame of the film with this id on its canvas. */
  shown(id: number): void {
    if (this.#now.by === 'video' && this.#now.film.id === id) this.#now = { ...this.#now, isShown: true }
  }

  /** A new link or a new screen: whatever ran is over. */
  clear(): void {
    this.#now = { by: 'tiles' }
  }

  #next(region: Rect | undefined, content: Content, line: LineNow, screen: Rect): Moving {
    if (!region) return { by: 'tiles' }
    const isVideo = this.#now.by === 'video'
    if (canCarryPictures(region, content, line, isVideo ? BACK : 1)) {
      return content === 'photo' ? { by: 'stills', region } : { by: 'tiles' }
    }
    if (!canCarryVideo(line) || isTooMuchText(region, content, line)) return { by: 'tiles' }
    const place = evenPlace(region, screen)
    if (place.width < FILM_MIN_WIDTH) return { by: 'stills', region }
    if (this.#now.by === 'video' && isInside(region, this.#now.film)) return this.#now
    const id = this.#nextId
    this.#nextId = (id % 0xffff) + 1
    return { by: 'video', film: { id, ...place }, isShown: false }
  }
}

function canCarryPictures(region: Rect, content: Content, line: LineNow, factor: number): boolean {
  const bytesPerSecond =
    area(region) * BYTES_PER_PIXEL[content] * FRAMES_PER_SECOND[line.prefer][content] * factor
  return bytesPerSecond <= line.bytesPerSecond * SHARE_OF_LINE
}

/** VP8 codes a screen of dense text at a frame a second, or not at all: fewer exact pictures are better. */
function isTooMuchText(region: Rect, content: Content, { prefer }: LineNow): boolean {
  return content === 'text' && prefer === 'sharp' && area(region) > MOST_FILMED_TEXT_PIXELS
}

function canCarryVideo({ bytesPerSecond, prefer }: LineNow): boolean {
  return bytesPerSecond >= LEAST_VIDEO_BYTES_PER_SECOND[prefer]
}

/** I420 halves its colours both ways, so place and size are even; a last odd row or column is left to the tiles. */
function evenPlace(region: Rect, screen: Rect): Rect {
  const x = region.x & ~1
  const y = region.y & ~1
  const right = Math.min((region.x + region.width + 1) & ~1, screen.width & ~1)
  const bottom = Math.min((region.y + region.height + 1) & ~1, screen.height & ~1)
  return { x, y, width: right - x, height: bottom - y }
}
