import sharp from 'sharp'
import type { StillsContent } from '../protocol/messages/entry.ts'

/** The largest screen that is put together, in pixels: about ten 4K monitors. A forged layout must not eat the memory. */
const MAX_PIXELS = 100_000_000
const CHANNELS = 3

/** The recorded screen as it was after each record: whole pictures and changed rectangles put in their places. */
export class ScreenCanvas {
  #width = 0
  #height = 0
  #rgb = Buffer.alloc(0)

  /**
   * Puts a record's stills on the screen. Throws where one is damaged or out of place; those before it are put.
   * @param payload lossless WebP images one after the other, as long as `content.stills` says
   */
  async put(content: StillsContent, payload: Uint8Array): Promise<void> {
    if (content.layout) this.#resize(content.layout.width, content.layout.height)
    let at = 0
    for (const still of content.stills) {
      const image = payload.subarray(at, at + still.bytes)
      at += still.bytes
      const { x, y, width, height } = still
      if (x + width > this.#width || y + height > this.#height)
        throw new RangeError('a still is off the screen')
      await this.#draw(image, x, y, width, height)
    }
    if (at !== payload.length) throw new RangeError('the images are not as long as their record says')
  }

  /** The whole screen as PNG; undefined before the first layout. */
  async png(): Promise<Buffer | undefined> {
    if (this.#rgb.length === 0) return undefined
    const raw = { width: this.#width, height: this.#height, channels: CHANNELS } as const
    return sharp(this.#rgb, { raw, limitInputPixels: MAX_PIXELS }).png().toBuffer()
  }

  #resize(width: number, height: number): void {
    if (width === this.#width && height === this.#height) return
    if (width * height > MAX_PIXELS) throw new RangeError(`a screen of ${width}×${height} is too large`)
    this.#width = width
    this.#height = height
    this.#rgb = Buffer.alloc(width * height * CHANNELS)
  }

  async #draw(image: Uint8Array, x: number, y: number, width: number, height: number): Promise<void> {
    const decoded = await sharp(image, { limitInputPixels: MAX_PIXELS })
      .toColourspace('srgb')
      .removeAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true })
    const { info, data } = decoded
    if (info.width !== width || info.height !== height || info.channels !== CHANNELS)
      throw new RangeError('a still has not the size its record says')
    const rowBytes = width * CHANNELS
    for (let row = 0; row < height; row++) {
      const target = ((y + row) * this.#width + x) * CHANNELS
      data.copy(this.#rgb, target, row * rowBytes, (row + 1) * rowBytes)
    }
  }
}
