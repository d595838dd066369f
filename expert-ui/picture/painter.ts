import { FILM_STRIP_ROWS } from '../../protocol/film-strip.ts'
import { decodeFrame } from '../../protocol/frame.ts'
import {
  type Film,
  type PictureUpdate,
  pictureMessage,
  type ScreenLayout,
} from '../../protocol/messages/picture.ts'
import { Refusal } from '../../protocol/refusals.ts'
import { type CursorShape, decodeCursor } from './cursor-decoder.ts'
import { type HeldImage, sizeOf } from './held-image.ts'
import { KeptCells } from './kept-cells.ts'
import { checkLayout, checkUpdate } from './picture-bounds.ts'
import { PixelRoom } from './pixel-room.ts'
import { Surface } from './surface.ts'
import { decodeTiles, type Patch, release } from './tile-decoder.ts'
import type { Pixels } from './worker-messages.ts'

/** What a frame changed beside the pixels. */
export interface Painted {
  /** Of an update that was drawn. */
  readonly seq?: number
  readonly layout?: ScreenLayout
  readonly cursor?: CursorShape
}

/**
 * Keeps the canvas equal to the customer's whole screen, pixel for pixel. Frames are applied whole: everything is
 * decoded before the first pixel changes, and then drawn without giving the browser a chance to show half of it.
 */
export class Painter {
  readonly #surface: Surface
  readonly #kept = new KeptCells()
  readonly #room = new PixelRoom()
  #layout: ScreenLayout | null = null
  #film: Film | null = null
  #lastSeq = 0
  #link = 0

  constructor(canvas: OffscreenCanvas) {
    this.#surface = new Surface(canvas)
  }

  /** The film that runs now: only its frames are drawn. */
  get film(): Film | null {
    return this.#film
  }

  /** A new link begins. What is drawn stays until its first update; a frame being decoded is dropped. */
  newLink(): void {
    this.#link++
    this.#layout = null
    this.#film = null
    this.#lastSeq = 0
    this.#kept.forget()
  }

  /** Takes one frame at a time. Throws a `Refusal`, and has drawn nothing then. */
  async frame(bytes: Uint8Array): Promise<Painted> {
    const { header, payload } = decodeFrame(pictureMessage, bytes)
    switch (header.t) {
      case 'update':
        return this.#update(header, payload)
      case 'cursor':
        return { cursor: decodeCursor(header, payload) }
    }
  }

  /** Draws a frame of the running film, without its strip. */
  drawFilm(frame: HeldImage): void {
    if (!this.#film) return
    const { x, y, width, height } = this.#film
    const size = sizeOf(frame)
    const rows = (height / (height + FILM_STRIP_ROWS)) * size.height
    this.#surface.context.drawImage(frame, 0, 0, size.width, rows, x, y, width, height)
  }

  pixels(): Pixels {
    const { width, height, data } = this.#surface.pixels()
    return { width, height, rgba: data }
  }

  async #update(update: PictureUpdate, payload: Uint8Array): Promise<Painted> {
    const link = this.#link
    const layout = update.layout ?? this.#layout
    if (!layout || update.seq <= this.#lastSeq) throw new Refusal('wrong-state')
    if (update.layout) checkLayout(update.layout)
    checkUpdate(update, payload.byteLength, layout)
    this.#kept.check(update, layout)
    let patches: Patch[] = []
    try {
      patches = await decodeTiles(update.tiles, payload, this.#room)
      if (link !== this.#link) return {}
      this.#lastSeq = update.seq
      this.#layout = layout
      this.#apply(update, patches)
      return { seq: update.seq, ...(update.layout ? { layout } : {}) }
    } finally {
      release(patches)
      this.#room.free()
    }
  }

  /** Never waits: until it is done, the browser shows nothing of it. */
  #apply({ layout, film, copies, recalls, keeps }: PictureUpdate, patches: readonly Patch[]): void {
    if (layout) {
      this.#surface.resize(layout)
      this.#kept.forget()
      this.#film = null
    }
    if (film !== undefined) this.#film = film
    for (const copy of copies ?? []) this.#surface.copy(copy)
    for (const run of keeps ?? []) this.#kept.keep(run, this.#surface)
    for (const run of recalls ?? []) this.#kept.recall(run, this.#surface)
    for (const patch of patches) this.#surface.put(patch)
  }
}
