import type { Rect } from '../desktop/port.ts'
import type { Shift } from './pixels.ts'

/**
 * Brings rectangles that are all moved by the same shift into an order in which none is drawn over what a later one
 * still needs. Disjoint rectangles always have one: moved one way, they can be taken off one by one (Guibas and Yao,
 * "On translating a set of rectangles", 1980).
 */
export function orderCopies(copies: readonly Rect[], { dx, dy }: Shift): Rect[] {
  const waiting = [...copies]
  const ordered: Rect[] = []
  while (waiting.length > 0) {
    const next = waiting.findIndex((copy) =>
      waiting.every(
        (other) => other === copy || !overlap(copy, { ...other, x: other.x - dx, y: other.y - dy }),
      ),
    )
    ordered.push(...waiting.splice(next, 1))
  }
  return ordered
}

function overlap(a: Rect, b: Rect): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height
}
