import type { Rect } from '../desktop/port.ts'

/** Pixels of a whole layout as BGRX, rows without padding; the same memory as bytes and as words 0xXXRRGGBB. */
export interface Framebuffer {
  readonly width: number
  readonly height: number
  readonly bytes: Buffer
  readonly words: Uint32Array
}

/** Side of the squares in which changes are looked for. */
export const CELL = 64

export function createFramebuffer(width: number, height: number): Framebuffer {
  const memory = new ArrayBuffer(width * height * 4)
  return { width, height, bytes: Buffer.from(memory), words: new Uint32Array(memory) }
}

export function wholeOf({ width, height }: { readonly width: number; readonly height: number }): Rect {
  return { x: 0, y: 0, width, height }
}

/** Cuts a rectangle at the lines of the cells' grid, into parts of at most so many cells each way. */
export function cutAtCells(rect: Rect, cellsAcross: number, cellsDown: number): Rect[] {
  const parts: Rect[] = []
  const right = rect.x + rect.width
  const bottom = rect.y + rect.height
  for (let y = rect.y; y < bottom; ) {
    const nextY = Math.min(bottom, (Math.floor(y / CELL) + cellsDown) * CELL)
    for (let x = rect.x; x < right; ) {
      const nextX = Math.min(right, (Math.floor(x / CELL) + cellsAcross) * CELL)
      parts.push({ x, y, width: nextX - x, height: nextY - y })
      x = nextX
    }
    y = nextY
  }
  return parts
}
