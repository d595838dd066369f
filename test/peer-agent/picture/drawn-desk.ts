import type { Rect } from '../../../peer-agent/desktop/port.ts'

const WHITE = 0xffffff

/** A desk that a test draws on: 0xRRGGBB a pixel. Everything returns what it changed. */
export class Desk {
  readonly whole: Rect
  readonly #pixels: Uint32Array
  readonly #width: number
  #state = 12345
  #underWindow: { rect: Rect; pixels: Uint32Array } | undefined

  constructor(width: number, height: number) {
    this.whole = { x: 0, y: 0, width, height }
    this.#width = width
    this.#pixels = new Uint32Array(width * height)
  }

  /** 3 bytes a pixel. */
  get rgb(): Buffer {
    const rgb = Buffer.alloc(this.#pixels.length * 3)
    for (const [at, colour] of this.#pixels.entries()) rgb.writeUIntBE(colour, at * 3, 3)
    return rgb
  }

  /** BGRX, as a system hands it out, with an X of its own. */
  bytesOf(rect: Rect): Uint8Array {
    return new Uint8Array(this.copy(rect).map((colour) => (colour | 0x5a000000) >>> 0).buffer)
  }

  copy({ x, y, width, height }: Rect): Uint32Array {
    const pixels = new Uint32Array(width * height)
    for (let row = 0; row < height; row++) {
      const from = (y + row) * this.#width + x
      pixels.set(this.#pixels.subarray(from, from + width), row * width)
    }
    return pixels
  }

  put(rect: Rect, pixels: Uint32Array): Rect {
    const { x, y, width, height } = rect
    for (let row = 0; row < height; row++) {
      this.#pixels.set(pixels.subarray(row * width, (row + 1) * width), (y + row) * this.#width + x)
    }
    return rect
  }

  /** Glyph-like marks of a few greys on white, others for every seed. */
  text(rect: Rect, seed: number): Rect {
    const greys = [0x000000, 0x555555, 0xaaaaaa, 0x223388]
    return this.#each(rect, (x, y) => {
      const glyph = hash(Math.floor(x / 9) + 977 * Math.floor(y / 16) + 7919 * seed)
      const bit = hash(glyph + (x % 9) * 31 + (y % 16) * 17)
      const isInk = y % 16 > 2 && y % 16 < 13 && x % 9 < 7 && bit % 3 === 0
      return isInk ? greys[bit % 4]! : WHITE
    })
  }

  noise(rect: Rect): Rect {
    return this.#each(rect, () => {
      this.#state = (Math.imul(this.#state, 1664525) + 1013904223) | 0
      return this.#state >>> 8
    })
  }

  gradient(rect: Rect): Rect {
    return this.#each(rect, (x, y) => ((x * 3) & 255) * 65536 + ((y * 5) & 255) * 256 + ((x + y) & 255))
  }

  /** Moves what is in the rectangle by dx, dy and draws new text at the edge that comes into sight. */
  scroll(rect: Rect, dx: number, dy: number, seed: number): Rect {
    const before = this.copy(rect)
    this.text(rect, 1000 + seed)
    for (let row = 0; row < rect.height; row++) {
      for (let column = 0; column < rect.width; column++) {
        const [fromX, fromY] = [column - dx, row - dy]
        if (fromX < 0 || fromY < 0 || fromX >= rect.width || fromY >= rect.height) continue
        this.#pixels[(rect.y + row) * this.#width + rect.x + column] = before[fromY * rect.width + fromX]!
      }
    }
    return rect
  }

  /** A window of text that is at `to` now and was elsewhere before. */
  drag(to: Rect): Rect[] {
    const left = this.#underWindow
    const look = left ? this.copy(left.rect) : undefined
    if (left) this.put(left.rect, left.pixels)
    this.#underWindow = { rect: to, pixels: this.copy(to) }
    if (look) this.put(to, look)
    else this.text(to, 77)
    return left ? [left.rect, to] : [to]
  }

  #each(rect: Rect, colourOf: (x: number, y: number) => number): Rect {
    for (let y = rect.y; y < rect.y + rect.height; y++) {
      for (let x = rect.x; x < rect.x + rect.width; x++) this.#pixels[y * this.#width + x] = colourOf(x, y)
    }
    return rect
  }
}

function hash(value: number): number {
  const mixed = Math.imul(value ^ (value >>> 15), 0x2c1b3c6d)
  return (mixed ^ (mixed >>> 13)) >>> 0
}
