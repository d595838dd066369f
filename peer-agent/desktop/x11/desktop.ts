import type { Desktop, Watermark } from '../port.ts'
import { connectX } from './connection.ts'
import { watchLocalHands } from './local-hands.ts'
import { watchMonitors } from './monitors.ts'
import { STOP_KEY_NAME } from './stop-key.ts'
import { showWatermark } from './watermark.ts'

const NEEDED = ['damage', 'fixes', 'shape', 'xinput'] as const

/** Opens the X11 desktop named by `display` or the variable DISPLAY. Rejects with `DesktopUnavailable`. */
export async function openX11Desktop(
  options: { readonly display?: string | undefined } = {},
): Promise<Desktop> {
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
    const marks: Watermark[] = []
    return {
      kind: 'x11',
      stopKeyName: STOP_KEY_NAME,
      layout: () => placed.layout,
      async showWatermark(content) {
        const mark = await showWatermark(connection, monitors, content)
        marks.push(mark)
        return mark
      },
      watchLocalHands: () => watchLocalHands(connection),
      async close() {
        await Promise.all(marks.map((mark) => mark.close()))
        await connection.close()
      },
    }
  } catch (error) {
    await connection.close()
    throw error
  }
}
