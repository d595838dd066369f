export interface Rect {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** Divides the cells of the grid that pictures are made in, so that their rectangles cover whole squares. */
const SQUARE = 16

/**
 * Which parts of a screen are already taken, in squares. A square counts as taken once one rectangle holds it whole,
 * so odd rectangles cost a look too many, never a pixel too few.
 */
export class Coverage {
  readonly #width: number
  readonly #height: number
  readonly #across: number
  readonly #taken: Uint8Array
  #free: number

  constructor(width: number, height: number) {
    this.#width = width
    this.#height = height
    this.#across = Math.ceil(width / SQUARE)
    this.#free = this.#across * Math.ceil(height / SQUARE)
    this.#taken = new Uint8Array(this.#free)
  }

  get isWhole(): boolean {
    return this.#free === 0
  }

  /** True where something of it is free. */
  isSeen({ x, y, width, height }: Rect): boolean {
    const right = Math.ceil((x + width) / SQUARE)
    const bottom = Math.ceil((y + height) / SQUARE)
    for (let row = Math.floor(y / SQUARE); row < bottom; row++) {
      const from = row * this.#across
      if (this.#taken.subarray(from + Math.floor(x / SQUARE), from + right).includes(0)) return true
    }
    return false
  }

  take({ x, y, width, height }: Rect): void {
    // The squares at the right and at the bottom are smaller.
    const end = (edge: number, size: number) =>
      edge === size ? Math.ceil(edge / SQUARE) : Math.floor(edge / SQUARE)
    const right = end(x + width, this.#width)
    const bottom = end(y + height, this.#height)
    for (let row = Math.ceil(y / SQUARE); row < bottom; row++) {
      for (let column = Math.ceil(x / SQUARE); column < right; column++) {
        const at = row * this.#across + column
        if (this.#taken[at] === 0) {
          this.#taken[at] = 1
          this.#free--
        }
      }
    }
  }
}
