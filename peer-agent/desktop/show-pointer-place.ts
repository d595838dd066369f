import type { Layout, Monitor } from './port.ts'
import type { PointerSide } from './show-pointer-bitmap.ts'

/** A screen of usual density; pointer and mark grow with higher ones alike. */
const USUAL_HEIGHT = 1080

/** The size in which the pointer is drawn on one monitor. */
export interface PointerSize {
  readonly scale: number
  /** How far it may reach to the side: half a monitor, so that there is always a side with room for it. */
  readonly roomPixels: number
}

export function pointerSizeOn(monitor: Monitor): PointerSize {
  return {
    scale: Math.max(1, Math.round((monitor.height / USUAL_HEIGHT) * 4) / 4),
    roomPixels: Math.floor(monitor.width / 2),
  }
}

/** The monitor that shows this place; where monitors leave a gap, the nearest. */
export function monitorAt({ monitors }: Layout, x: number, y: number): Monitor {
  const away = (monitor: Monitor) =>
    Math.hypot(
      Math.max(monitor.x - x, 0, x - (monitor.x + monitor.width - 1)),
      Math.max(monitor.y - y, 0, y - (monitor.y + monitor.height - 1)),
    )
  return monitors.reduce((nearest, monitor) => (away(monitor) < away(nearest) ? monitor : nearest))
}

/** Right and below, as with every cursor, but for the edges where there is more room on the other side. */
export function sideAt(
  monitor: Monitor,
  x: number,
  y: number,
  reach: { readonly reachX: number; readonly reachY: number },
): PointerSide {
  const roomRight = monitor.x + monitor.width - 1 - x
  const roomBelow = monitor.y + monitor.height - 1 - y
  return {
    right: roomRight >= reach.reachX || roomRight >= x - monitor.x,
    below: roomBelow >= reach.reachY || roomBelow >= y - monitor.y,
  }
}
