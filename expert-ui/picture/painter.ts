import { decodeFrame } from '../../protocol/frame.ts'
import { type PictureUpdate, pictureMessage, type ScreenLayout } from '../../protocol/messages/picture.ts'
import { Refusal } from '../../protocol/refusals.ts'
import { type CursorShape, decodeCursor } from './cursor-decoder.ts'
import { checkLayout } from './picture-bounds.ts'
import { decodeTiles, type Patch } from './tile-decoder.ts'
import type { Pixels } from './worker-messages.ts'

/** What a frame changed beside the pixels. */
export interface Painted {
  readonly layout?: ScreenLayout
  readonly cursor?: CursorShape
}

/**
 * Keeps the canvas equal to the customer's whole screen, pixel for pixel. Frames are applied whole: everything is
 * decoded before the first pixel changes, and then drawn without giving the browser a chance to show half of it.
 */
export class Painter {
  readonly #canvas: OffscreenCanvas
  readonly #context: OffscreenCanvasRenderingContext2D
  #layout: ScreenLayout | null = null
  #lastSeq = 0
  #link = 0

  constructor(canvas: OffscreenCanvas) {
    // Opaque and sRGB: nothing is blended or converted, so what is put in is what is read back.
    const context = canvas.getContext('2d', { alpha: false, colorSpace: 'srgb' })
    if (!context) throw new Error('this browser gives no 2d context to a worker')
    this.#canvas = canvas
    this.#context = context
  }

  /** A new link begins. What is drawn stays until its first update; a frame being decoded is dropped. */
  newLink(): void {
    this.#link++
    this.#layout = null
    this.#lastSeq = 0
  }

  /** Takes one frame at a time. Throws a `Refusal`, and has drawn nothing then. */
  async frame(bytes: Uint8Array): Promise<Painted> {
    const { header, payload } = decodeFrame(pictureMessage, bytes)
    switch (header.t) {
      case 'update':
        return this.#update(header, payload)
      case 'cursor':
        return { cursor: await decodeCursor(header, payload) }
    }
  }

  pixels(): Pixels {
    const { width, height } = this.#canvas
    return { width, height, rgba: this.#context.getImageData(0, 0, width, height).data }
  }

  async #update(update: PictureUpdate, payload: Uint8Array): Promise<Painted> {
    const link = this.#link
    const layout = update.layout ?? this.#layout
    if (!layout || update.seq <= this.#lastSeq) throw new Refusal('wrong-state')
    if (update.layout) checkLayout(update.layout)
    const patches = await decodeTiles(update.tiles, payload, layout)
    if (link !== this.#link) return {}

    this.#lastSeq = update.seq
    this.#layout = layout
    if (update.layout) {
      this.#canvas.width = layout.width
      this.#canvas.height = layout.height
    }
    for (const patch of patches) this.#put(patch)
    return update.layout ? { layout } : {}
  }

  #put({ x, y, width, height, paint }: Patch): void {
    if ('colour' in paint) {
      this.#context.fillStyle = `rgb(${paint.colour.join(' ')})`
      this.#context.fillRect(x, y, width, height)
    } else {
      this.#context.putImageData(new ImageData(paint.rgba, width, height, { colorSpace: 'srgb' }), x, y)
    }
  }
}
