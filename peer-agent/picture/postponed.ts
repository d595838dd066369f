import type { Rect } from '../desktop/port.ts'
import { area } from '../desktop/rects.ts'
import { overlaps } from './joined-boxes.ts'

/** A change up to this size is read at once: a letter must not wait for the rest of a screen. */
const SMALL_PIXELS = 32_768
/** So long a large change waits for what is owed. */
const MOST_WAIT_MS = 400

/**
 * What has changed and is not read yet. While the page is still owed part of an earlier change, a large new one waits:
 * read at once it would go out in parts as well, and a text that scrolls would be full of holes.
 */
export class Postponed {
  #rects: Rect[] = []
  #sinceMs = 0

  get isEmpty(): boolean {
    return this.#rects.length === 0
  }

  clear(): void {
    this.#rects = []
  }

  /** What to read now. */
  take(changed: readonly Rect[], isOwing: boolean, nowMs: number): Rect[] {
    if (this.isEmpty) this.#sinceMs = nowMs
    const all = [...this.#rects, ...changed]
    const isLate = nowMs - this.#sinceMs >= MOST_WAIT_MS
    const large = isOwing && !isLate ? all.filter((rect) => area(rect) > SMALL_PIXELS) : []
    const waits = (rect: Rect) => large.some((other) => overlaps(rect, other))
    this.#rects = all.filter(waits)
    return all.filter((rect) => !waits(rect))
  }
}
