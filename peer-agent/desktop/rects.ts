import type { Rect } from './port.ts'

/**
 * What one more read costs, in pixels that could be read in the same time: a round trip to an X server is about
 * 0.2 ms, which copies some 60,000 pixels through shared memory. Reading a little too much is harmless, since what
 * did not change is found by comparison.
 */
const READ_COSTS_PIXELS = 40_000
/** Above this many rectangles only neighbours in the list are tried, which damage regions sort by rows. */
const FEW = 64

/** Joins rectangles where one read of their bounding box is cheaper than two; covers at least what was given. */
export function mergeRects(rects: readonly Rect[], readCostsPixels = READ_COSTS_PIXELS): Rect[] {
  let merged = rects.filter((rect) => rect.width > 0 && rect.height > 0)
  for (let allowance = readCostsPixels; merged.length > FEW; allowance *= 2) {
    merged = mergeNeighbours(merged, allowance)
  }
  for (let again = true; again; ) {
    again = false
    for (let i = 0; i < merged.length; i++) {
      for (let j = merged.length - 1; j > i; j--) {
        const both = boundingBox(merged[i]!, merged[j]!)
        if (area(both) - area(merged[i]!) - area(merged[j]!) >= readCostsPixels) continue
        merged[i] = both
        merged.splice(j, 1)
        again = true
      }
    }
  }
  return merged
}

function mergeNeighbours(rects: readonly Rect[], allowance: number): Rect[] {
  const merged: Rect[] = []
  for (const rect of rects) {
    const last = merged.at(-1)
    const both = last && boundingBox(last, rect)
    if (last && both && area(both) - area(last) - area(rect) < allowance) merged[merged.length - 1] = both
    else merged.push(rect)
  }
  return merged
}

export function boundingBox(a: Rect, b: Rect): Rect {
  const x = Math.min(a.x, b.x)
  const y = Math.min(a.y, b.y)
  return {
    x,
    y,
    width: Math.max(a.x + a.width, b.x + b.width) - x,
    height: Math.max(a.y + a.height, b.y + b.height) - y,
  }
}

/** What of `rect` lies within a layout of this size; may be empty. */
export function clipRect(rect: Rect, width: number, height: number): Rect {
  const x = Math.max(0, rect.x)
  const y = Math.max(0, rect.y)
  return {
    x,
    y,
    width: Math.max(0, Math.min(rect.x + rect.width, width) - x),
    height: Math.max(0, Math.min(rect.y + rect.height, height) - y),
  }
}

export function area(rect: Rect): number {
  return rect.width * rect.height
}
