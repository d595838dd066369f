import type { ShapeExtension, XEvent } from 'x11'
import type { Monitor, Watermark, WatermarkContent } from '../port.ts'
import { bitmapCache } from '../watermark-bitmap.ts'
import type { XConnection } from './connection.ts'
import { createMarkWindow, isShown, type MarkWindow } from './mark-window.ts'
import type { MonitorWatch, PlacedLayout } from './monitors.ts'

const SUBSTRUCTURE_NOTIFY = 1 << 19
const ABOVE = 0
const UNOBSCURED = 0
const FROM_EDGE = 12
/** A screen of usual density; the mark grows with higher ones. */
const USUAL_HEIGHT = 1080
/** Between two looks at the stack: another program that also insists on being on top must not cost us the machine. */
const BETWEEN_LOOKS_MS = 50
/** So many restorations in so short a time mean that somebody keeps removing the mark. */
const MOST_RESTORATIONS = 10
const RESTORATIONS_WITHIN_MS = 10_000

export interface XWatermark extends Watermark {
  /** What is put directly beneath this window of the mark covers no part of it; undefined once closed. */
  lowestWindow(): number | undefined
}

/**
 * Keeps the mark at the top right of every monitor [W1]. A new state of it (other words, other monitors, something
 * removed) is always a new set of windows that is up before the old one goes.
 */
export async function showWatermark(
  connection: XConnection,
  monitors: MonitorWatch,
  first: WatermarkContent,
): Promise<XWatermark> {
  const { client, root } = connection
  const shape: ShapeExtension = await connection.extension('shape')
  const bitmaps = bitmapCache()
  let content = first
  let windows: readonly MarkWindow[] = []
  let closed = false
  let lostListener: ((reason: string) => void) | undefined
  let lostReason: string | undefined
  let work: Promise<unknown> = Promise.resolve()
  let nextLook: NodeJS.Timeout | undefined
  let lookWanted = false
  let restoredAtMs: number[] = []

  function lose(reason: string): void {
    if (closed || lostReason !== undefined) return
    lostReason = reason
    lostListener?.(reason)
  }

  /** One after the other: standing, raising and closing must not overlap. */
  function inTurn<T>(action: () => Promise<T>): Promise<T> {
    const result = work.then(action)
    work = result.catch(() => {})
    return result
  }

  async function stand(): Promise<void> {
    if (closed) return
    const placed = await monitors.read()
    const fresh = await Promise.all(placed.layout.monitors.map((monitor) => standOn(monitor, placed)))
    const old = windows
    windows = fresh
    for (const { id } of old) client.DestroyWindow(id)
    const shown = await Promise.all(fresh.map((window) => isShown(connection, window)))
    if (shown.includes(false)) throw new Error('The mark could not be shown on every monitor.')
  }

  async function standOn(monitor: Monitor, { left, top }: PlacedLayout): Promise<MarkWindow> {
    const scale = Math.max(1, Math.round((monitor.height / USUAL_HEIGHT) * 4) / 4)
    const edge = Math.min(FROM_EDGE * scale, monitor.width / 10)
    const bitmap = await bitmaps.draw(content, scale, monitor.width - 2 * edge)
    const x = Math.round(left + monitor.x + monitor.width - edge - bitmap.width)
    return createMarkWindow(connection, shape, bitmap, x, Math.round(top + monitor.y + edge))
  }

  /** Puts right what others did: brings windows back, and back to the top. */
  async function look(): Promise<void> {
    if (closed) return
    const shown = await Promise.all(windows.map((window) => isShown(connection, window)))
    if (shown.includes(false)) return restore()
    const { children } = await connection.ask<{ children: number[] }>((done) => client.QueryTree(root, done))
    const top = new Set(children.slice(-windows.length))
    if (windows.every(({ id }) => top.has(id))) return
    for (const { id } of windows) client.ConfigureWindow(id, { stackMode: ABOVE })
  }

  async function restore(): Promise<void> {
    const now = performance.now()
    restoredAtMs = [...restoredAtMs.filter((at) => now - at < RESTORATIONS_WITHIN_MS), now]
    if (restoredAtMs.length > MOST_RESTORATIONS) throw new Error('Another program keeps removing the mark.')
    await stand()
  }

  /** At once, then at most once every while, and always once more after the last reason for it. */
  function lookSoon(): void {
    if (closed || lostReason !== undefined) return
    lookWanted = true
    if (nextLook) return
    lookWanted = false
    guard(look)
    nextLook = setTimeout(() => {
      nextLook = undefined
      if (lookWanted) lookSoon()
    }, BETWEEN_LOOKS_MS)
  }

  function guard(action: () => Promise<void>): void {
    inTurn(action).catch((error: Error) => lose(error.message))
  }

  const events = (event: XEvent) => {
    if (event.name === undefined || !('wid' in event)) return
    const changed = event.wid1 ?? event.wid
    const own = windows.some(({ id }) => id === changed)
    if (event.name === 'VisibilityNotify') {
      if (own && event.state !== UNOBSCURED) lookSoon()
    } else if (event.name === 'UnmapNotify' || event.name === 'DestroyNotify') {
      if (own) lookSoon()
    } else if (changed !== root) {
      lookSoon()
    }
  }

  connection.onEvent(events)
  connection.onLost((reason) => lose(reason.message))
  connection.addRootEvents(SUBSTRUCTURE_NOTIFY)
  monitors.onChange(() => {
    if (!closed) guard(stand)
  })
  const mark: XWatermark = {
    lowestWindow: () => windows[0]?.id,
    update(next) {
      content = next
      return inTurn(stand)
    },
    onLost(listener) {
      lostListener = listener
      if (lostReason !== undefined) listener(lostReason)
    },
    async close() {
      closed = true
      clearTimeout(nextLook)
      await inTurn(async () => {
        for (const { id } of windows) client.DestroyWindow(id)
        windows = []
        await connection.sync().catch(() => {})
      })
      client.removeListener('event', events)
    },
  }
  try {
    await inTurn(stand)
  } catch (error) {
    await mark.close()
    throw error
  }
  return mark
}
