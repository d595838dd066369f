import type { XError } from 'x11'
import type { CursorEvents, Rect, ScreenChange, ScreenReader } from '../port.ts'
import { clipRect, mergeRects } from '../rects.ts'
import { connectX, type XConnection } from './connection.ts'
import { watchCursor } from './cursor-watch.ts'
import { watchMonitors } from './monitors.ts'
import { openPixelSource } from './shared-pixels.ts'

const NONE = 0
/** X error codes: the rectangle is not all on the screen, which is shrinking just now. */
const BAD_VALUE = 2
const BAD_MATCH = 8

/**
 * Reads an X11 screen. DAMAGE collects on the server which region changed and sends one event when it stops being
 * empty; nothing more comes until the region is taken, so a changing screen that nobody looks at costs nothing.
 */
export async function openScreenReader(
  options: { readonly display?: string | undefined; readonly shm?: boolean } = {},
): Promise<ScreenReader> {
  const connection = await connectX({ display: options.display, shm: options.shm ?? true })
  try {
    return await start(connection)
  } catch (error) {
    await connection.close()
    throw error
  }
}

async function start(connection: XConnection): Promise<ScreenReader> {
  const { client, root } = connection
  const [damages, fixes, monitors] = await Promise.all([
    connection.extension('damage'),
    connection.extension('fixes'),
    watchMonitors(connection),
  ])
  const source = await openPixelSource(connection)
  let placed = await monitors.read()
  let stale = false
  let dirty = true
  let lost: Error | undefined
  let waiting: { resolve(): void; reject(reason: Error): void } | undefined
  let cursor: Awaited<ReturnType<typeof watchCursor>> | undefined
  let lastRead: Promise<unknown> = Promise.resolve()

  const wake = () => {
    waiting?.resolve()
    waiting = undefined
  }
  connection.onLost((reason) => {
    lost = reason
    waiting?.reject(reason)
    waiting = undefined
  })
  monitors.onChange(() => {
    stale = true
    wake()
  })
  connection.onEvent((event) => {
    if (event.name !== 'DamageNotify') return
    dirty = true
    wake()
  })
  const damage = client.AllocID()
  const region = client.AllocID()
  fixes.CreateRegion(region, [])
  damages.Create(damage, root, damages.ReportLevel.NonEmpty)
  await connection.sync()

  async function read(rect: Rect, pixels: Uint8Array): Promise<boolean> {
    const { left, top } = placed
    const rowsAtOnce = Math.max(1, Math.floor(source.mostBytes / (rect.width * 4)))
    for (let row = 0; row < rect.height; row += rowsAtOnce) {
      const height = Math.min(rowsAtOnce, rect.height - row)
      const band = { x: rect.x + left, y: rect.y + top + row, width: rect.width, height }
      try {
        await source.copy(band, pixels.subarray(row * rect.width * 4))
      } catch (error) {
        const code = (error as XError).error
        if (code !== BAD_MATCH && code !== BAD_VALUE) throw error
        stale = true
        return false
      }
    }
    return true
  }

  async function takeDamage(): Promise<Rect[]> {
    dirty = false
    damages.Subtract(damage, NONE, region)
    const { rectangles } = await connection.ask<{ rectangles: Rect[] }>((done) =>
      fixes.FetchRegion(region, done),
    )
    return rectangles
  }

  return {
    layout: () => placed.layout,
    changed() {
      if (lost) return Promise.reject(lost)
      if (dirty || stale) return Promise.resolve()
      return new Promise((resolve, reject) => {
        waiting = { resolve, reject }
      })
    },
    async take(): Promise<ScreenChange> {
      const rects = await takeDamage()
      cursor?.pointerMayHaveMoved()
      if (stale) {
        stale = false
        const before = JSON.stringify(placed)
        placed = await monitors.read()
        if (JSON.stringify(placed) !== before) {
          const { layout } = placed
          return { layout, rects: [{ x: 0, y: 0, width: layout.width, height: layout.height }] }
        }
      }
      const { layout, left, top } = placed
      const inside = rects.map((rect) =>
        clipRect({ ...rect, x: rect.x - left, y: rect.y - top }, layout.width, layout.height),
      )
      return { rects: mergeRects(inside) }
    },
    read(rect, pixels) {
      // One after the other: they share one segment.
      const result = lastRead.then(() => read(rect, pixels))
      lastRead = result.catch(() => {})
      return result
    },
    async watchCursor(events: CursorEvents) {
      cursor = await watchCursor(connection, () => placed, events)
    },
    async close() {
      lost ??= new Error('The screen is no longer read.')
      waiting?.reject(lost)
      waiting = undefined
      cursor?.close()
      await lastRead
      damages.Destroy(damage)
      fixes.DestroyRegion(region)
      await source.close()
      await connection.close()
    },
  }
}
