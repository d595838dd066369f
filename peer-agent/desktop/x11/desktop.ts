import { type Clock, systemClock } from '../../../peer/clock.ts'
import type { Desktop } from '../port.ts'
import { openClipboard } from './clipboard.ts'
import { connectX } from './connection.ts'
import { watchLocalHands } from './local-hands.ts'
import { watchMonitors } from './monitors.ts'
import { openShowPointer } from './show-pointer.ts'
import { STOP_KEY_NAME } from './stop-key.ts'
import { showWatermark, type XWatermark } from './watermark.ts'

const NEEDED = ['damage', 'fixes', 'shape', 'xinput'] as const

/** Opens the X11 desktop named by `display` or the variable DISPLAY. Rejects with `DesktopUnavailable`. */
export async function openX11Desktop(
  options: { readonly display?: string | undefined; readonly clock?: Clock } = {},
): Promise<Desktop> {
  const { clock = systemClock } = options
  const connection = await connectX({ display: options.display })
  try {
    // What the picture, the mark and the hands will need: better missed now than after the customer agreed.
    await Promise.all(NEEDED.map((name) => connection.extension(name)))
    const monitors = await watchMonitors(connection)
    let placed = await monitors.read()
    monitors.onChange(() => {
      monitors.read().then(
        (now) => {
          placed = now
        },
        () => {},
      )
    })
    let mark: XWatermark | undefined
    const opened: { close(): Promise<void> }[] = []
    const keep = <T extends { close(): Promise<void> }>(part: T): T => {
      opened.push(part)
      return part
    }
    return {
      kind: 'x11',
      stopKeyName: STOP_KEY_NAME,
      layout: () => placed.layout,
      async showWatermark(content) {
        mark = keep(await showWatermark(connection, monitors, content))
        return mark
      },
      watchLocalHands: () => watchLocalHands(connection),
      async openShowPointer(label) {
        const lowestOfMark = () => mark?.lowestWindow()
        return keep(await openShowPointer({ connection, placed: () => placed, lowestOfMark, label, clock }))
      },
      openClipboard: async () => keep(await openClipboard(connection, clock)),
      async close() {
        await Promise.all(opened.map((part) => part.close()))
        await connection.close()
      },
    }
  } catch (error) {
    await connection.close()
    throw error
  }
}
