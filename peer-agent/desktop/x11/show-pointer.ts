import type { ShapeExtension } from 'x11'
import { type Clock, systemClock } from '../../../peer/clock.ts'
import type { Monitor, ShowPointer } from '../port.ts'
import { type FittedPointer, fitShowPointer, type PointerSide } from '../show-pointer-bitmap.ts'
import { monitorAt, pointerSizeOn, sideAt } from '../show-pointer-place.ts'
import type { XConnection } from './connection.ts'
import type { PlacedLayout } from './monitors.ts'
import { createPointerWindow, type PointerWindow } from './pointer-window.ts'

/** How long the pointer stays after it was last shown. */
export const LINGER_MS = 4000
/** The ring is wide, small, wide, small: twice is noticed, more is a nuisance. */
const PULSE_MS = 300
const PULSE_CHANGES = 4
/** Shown again sooner, it only moves: who points here and there is followed anyway. */
const CALM_MS = 1500

const HERE: PointerSide = { right: true, below: true }

export interface ShowPointerOptions {
  readonly connection: XConnection
  readonly placed: () => PlacedLayout
  /** The pointer goes beneath it, so that nobody can cover the mark by pointing at it [W1]. */
  readonly lowestOfMark: () => number | undefined
  readonly label: string
  readonly clock?: Clock
}

/**
 * The expert's pointer: one window for each look that was needed so far (size, side), of which one is shown. It comes
 * to the top when it is shown and never by itself.
 */
export async function openShowPointer(options: ShowPointerOptions): Promise<ShowPointer> {
  const { connection, placed, label, clock = systemClock } = options
  const shape: ShapeExtension = await connection.extension('shape')
  const fitted = new Map<string, Promise<FittedPointer>>()
  const windows = new Map<string, Promise<PointerWindow>>()
  let shown: PointerWindow | undefined
  let isWide = false
  /** Of the latest show or hide: what was drawn for an earlier one is not wanted any more. */
  let turn = 0
  let lastShownAtMs = Number.NEGATIVE_INFINITY
  let isClosed = false
  let endLinger = () => {}
  let endPulse = () => {}

  function fit(monitor: Monitor): Promise<FittedPointer> {
    const { scale, roomPixels } = pointerSizeOn(monitor)
    return remembered(fitted, sizeKey(monitor), () => fitShowPointer(label, scale, roomPixels))
  }

  async function windowFor(monitor: Monitor, side: PointerSide): Promise<PointerWindow> {
    const pointer = await fit(monitor)
    if (isClosed) throw new Error('The pointer was closed.')
    return remembered(windows, `${sizeKey(monitor)} ${side.right} ${side.below}`, async () =>
      createPointerWindow(connection, shape, await pointer.draw(side), options.lowestOfMark),
    )
  }

  async function place(x: number, y: number, wanted: number): Promise<void> {
    const { layout, left, top } = placed()
    const monitor = monitorAt(layout, x, y)
    const window = await windowFor(monitor, sideAt(monitor, x, y, await fit(monitor)))
    if (wanted !== turn) return
    if (window !== shown) window.setPulse(isWide)
    window.showAt(left + x, top + y)
    if (window !== shown) shown?.hide()
    shown = window
  }

  function pulse(changesLeft: number): void {
    isWide = changesLeft % 2 === 0 && changesLeft > 0
    shown?.setPulse(isWide)
    endPulse = changesLeft > 1 ? clock.after(PULSE_MS, () => pulse(changesLeft - 1)) : () => {}
  }

  function hide(): void {
    turn++
    endLinger()
    endPulse()
    isWide = false
    lastShownAtMs = Number.NEGATIVE_INFINITY
    shown?.hide()
    shown = undefined
  }

  await Promise.all(placed().layout.monitors.map((monitor) => windowFor(monitor, HERE)))

  return {
    show(x, y) {
      if (isClosed) return
      endLinger()
      endLinger = clock.after(LINGER_MS, hide)
      if (clock.steadyMs() - lastShownAtMs > CALM_MS) pulse(PULSE_CHANGES)
      lastShownAtMs = clock.steadyMs()
      // It fails when closed or with the connection, and then there is nothing left to show.
      place(Math.round(x), Math.round(y), ++turn).catch(() => {})
    },
    hide() {
      if (!isClosed) hide()
    },
    async close() {
      if (isClosed) return
      isClosed = true
      hide()
      for (const window of await Promise.allSettled(windows.values())) {
        if (window.status === 'fulfilled') window.value.destroy()
      }
      await connection.sync().catch(() => {})
    },
  }
}

function sizeKey(monitor: Monitor): string {
  const { scale, roomPixels } = pointerSizeOn(monitor)
  return `${scale} ${roomPixels}`
}

function remembered<T>(known: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  const value = known.get(key) ?? make()
  known.set(key, value)
  return value
}
