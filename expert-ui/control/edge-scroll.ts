/** Depth of the strip along each edge, in CSS pixels. */
const STRIP_PX = 44
/** Nothing moves under a pointer that only passes, or that has just pressed. */
const REST_MS = 280
const FASTEST_PX_PER_S = 900
/** A press that moves less is a click, and what is clicked must stand still. */
const DRAG_PX = 5

/** How strongly a pointer at `at` pulls towards one end of a room from `from` to `to`: -1 to 1, 0 in the middle. */
export function pull(at: number, from: number, to: number): number {
  const strip = Math.min(STRIP_PX, (to - from) / 4)
  const near = Math.max(0, from + strip - at)
  const far = Math.max(0, at - (to - strip))
  return Math.max(-1, Math.min(1, (far - near) / strip))
}

/**
 * Scrolls the room while the pointer rests at its edge: the wheel is the customer's then, and dragging too.
 * Returns its own undo.
 */
export function scrollsAtEdges(room: HTMLElement): () => void {
  const listening = new AbortController()
  let tip: { readonly x: number; readonly y: number } | null = null
  let press: { readonly x: number; readonly y: number } | null = null
  let fromMs = 0
  let shownAtMs = 0
  let frame = 0

  const pulls = () => {
    const box = room.getBoundingClientRect()
    const isClick = press && tip && Math.hypot(tip.x - press.x, tip.y - press.y) < DRAG_PX
    if (!tip || isClick) return { x: 0, y: 0 }
    return {
      x: pull(tip.x, box.left, box.left + room.clientWidth),
      y: pull(tip.y, box.top, box.top + room.clientHeight),
    }
  }
  const shown = (nowMs: number) => {
    const { x, y } = pulls()
    if (x === 0 && y === 0) {
      frame = 0
      return
    }
    const passedMs = Math.min(50, nowMs - shownAtMs)
    shownAtMs = nowMs
    if (nowMs >= fromMs) {
      const most = (FASTEST_PX_PER_S * passedMs) / 1000
      room.scrollBy({ left: x * most, top: y * most, behavior: 'instant' })
    }
    frame = requestAnimationFrame(shown)
  }
  const start = () => {
    if (frame) return
    shownAtMs = performance.now()
    fromMs = Math.max(fromMs, shownAtMs + REST_MS)
    frame = requestAnimationFrame(shown)
  }
  const rest = () => {
    fromMs = performance.now() + REST_MS
  }
  const on = <K extends keyof HTMLElementEventMap>(type: K, act: (event: HTMLElementEventMap[K]) => void) =>
    room.addEventListener(type, act, { signal: listening.signal })

  on('pointermove', (event) => {
    tip = { x: event.clientX, y: event.clientY }
    if (event.buttons === 0) press = null
    start()
  })
  on('pointerdown', (event) => {
    press = { x: event.clientX, y: event.clientY }
    rest()
  })
  on('pointerup', () => {
    press = null
    rest()
  })
  on('pointerleave', () => {
    tip = null
  })
  return () => {
    listening.abort()
    cancelAnimationFrame(frame)
  }
}
