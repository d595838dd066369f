import { openContext } from '../picture/surface.ts'
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
      for (const result of results) {
        if (result.status === 'rejected') continue
        for (const { image, x, y } of result.value) {
          this.#backContext.drawImage(image, x, y)
          image.close()
          decoded++
        }
      }
      const failed = results.find((result) => result.status === 'rejected')
      if (failed) throw failed.reason
    }
    return decoded
  }

  async #decode(entry: number, stills: readonly StillPlace[]) {
    const record = await openRecord(this.#key, await this.#store.entry(entry))
    if (!record) throw new RangeError(`entry ${entry} holds no picture`)
    const results = await Promise.allSettled(
      stills.map((still) => decodeStill(imageOf(record.payload, still), still)),
    )
    const failed = results.findIndex(({ status }) => status === 'rejected')
    const images = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
    if (failed === -1) return images.map((image, number) => ({ image, ...placeOf(stills[number]!) }))
    for (const image of images) image.close()
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

function placeOf({ x, y }: StillPlace) {
  return { x, y }
}
