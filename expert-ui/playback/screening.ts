import { openContext } from '../picture/surface.ts'
import { DecodedCache } from './decoded-cache.ts'
import { openRecord } from './record-opener.ts'
import type { SealedStore } from './sealed-store.ts'
import { decodeStill } from './still-decoder.ts'
import type { DrawPlan, StillIndex, StillPlace } from './still-index.ts'
import type { Pixels, Shown } from './worker-messages.ts'

/** Records that are opened and decoded beside each other; only so many pictures are in memory at once. */
const AT_ONCE = 6

/** A still that turned out to be damaged; the plan has to be made anew without it. */
class Damaged extends Error {
  readonly entry: number
  readonly offset: number

  constructor(entry: number, offset: number) {
    super('a still is damaged')
    this.entry = entry
    this.offset = offset
  }
}

interface Drawn {
  readonly name: string
  readonly image: ImageBitmap
  readonly x: number
  readonly y: number
  /** It was decoded for this. */
  readonly isFresh: boolean
}

/**
 * Draws the screen as it was after an entry. It is put together on a second canvas and shown at once when it is whole,
 * so that nobody sees half a picture.
 */
export class Screening {
  readonly #index: StillIndex
  readonly #store: SealedStore
  readonly #key: CryptoKey
  readonly #front: OffscreenCanvas
  readonly #frontContext: OffscreenCanvasRenderingContext2D
  readonly #back = new OffscreenCanvas(1, 1)
  readonly #backContext = openContext(this.#back)
  readonly #decoded = new DecodedCache<ImageBitmap>()
  #held: number | null = null

  constructor(canvas: OffscreenCanvas, index: StillIndex, store: SealedStore, key: CryptoKey) {
    this.#front = canvas
    this.#frontContext = openContext(canvas)
    this.#index = index
    this.#store = store
    this.#key = key
  }

  /** Null where there was no screen yet. Rejects where the bytes are not to be had. */
  async show(entry: number): Promise<Shown | null> {
    for (;;) {
      const plan = this.#index.plan(entry, this.#held)
      if (!plan) return null
      try {
        const decoded = await this.#draw(plan)
        this.#held = entry
        this.#present()
        return { entry, layout: plan.layout, isWhole: plan.isWhole, decoded }
      } catch (error) {
        // What is on the second canvas is neither the old picture nor the new one.
        this.#held = null
        if (!(error instanceof Damaged)) throw error
        this.#index.damaged(error.entry, error.offset)
      }
    }
  }

  pixels(): Pixels {
    const { width, height } = this.#front
    const { data } = this.#frontContext.getImageData(0, 0, width, height)
    return { width, height, rgba: data as Uint8ClampedArray<ArrayBuffer> }
  }

  async #draw({ layout, fromNothing, steps }: DrawPlan): Promise<number> {
    if (fromNothing) {
      this.#back.width = layout.width
      this.#back.height = layout.height
    }
    let decoded = 0
    for (let at = 0; at < steps.length; at += AT_ONCE) {
      const some = steps.slice(at, at + AT_ONCE)
      const results = await Promise.allSettled(some.map(({ entry, stills }) => this.#decode(entry, stills)))
      const drawn = results.flatMap((result) => (result.status === 'fulfilled' ? result.value : []))
      for (const { image, x, y } of drawn) this.#backContext.drawImage(image, x, y)
      // Only now: room for one may be made by closing another that is still to be drawn.
      for (const { name, image } of drawn) this.#decoded.give(name, image)
      decoded += drawn.filter(({ isFresh }) => isFresh).length
      const failed = results.find((result) => result.status === 'rejected')
      if (failed) throw failed.reason
    }
    return decoded
  }

  async #decode(entry: number, stills: readonly StillPlace[]): Promise<Drawn[]> {
    const kept = stills.map((still) => this.#decoded.take(nameOf(entry, still)))
    // Where all of it is kept nothing needs to be opened.
    const record = kept.includes(null) ? await openRecord(this.#key, await this.#store.entry(entry)) : null
    const results = await Promise.allSettled(
      stills.map(async (still, number) => {
        const { x, y } = still
        const name = nameOf(entry, still)
        const image = kept[number]
        if (image) return { name, image, x, y, isFresh: false }
        if (!record) throw new RangeError(`entry ${entry} holds no picture`)
        return { name, image: await decodeStill(imageOf(record.payload, still), still), x, y, isFresh: true }
      }),
    )
    const failed = results.findIndex(({ status }) => status === 'rejected')
    const drawn = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
    if (failed === -1) return drawn
    for (const { image, isFresh } of drawn) if (isFresh) image.close()
    throw new Damaged(entry, stills[failed]!.offset)
  }

  #present(): void {
    if (this.#front.width !== this.#back.width || this.#front.height !== this.#back.height) {
      this.#front.width = this.#back.width
      this.#front.height = this.#back.height
    }
    this.#frontContext.drawImage(this.#back, 0, 0)
  }
}

function imageOf(payload: Uint8Array, { offset, bytes }: StillPlace): Uint8Array<ArrayBuffer> {
  return payload.subarray(offset, offset + bytes) as Uint8Array<ArrayBuffer>
}

function nameOf(entry: number, { offset }: StillPlace): string {
  return `${entry}/${offset}`
}
