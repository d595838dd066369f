import type { XEvent } from 'x11'
import type { XServer } from '../test/fixtures/x-server.ts'

/** A window that changes its colour with every key and every button that goes down on it, and does nothing else. */
export interface SignalWindow {
  changes(): number
  close(): void
}

const KEY_PRESS = 1
const BUTTON_PRESS = 1 << 2
const INPUT_OUTPUT = 1
const POINTER_ROOT = 1
const COLOURS = [0x1144aa, 0xffcc22]

export async function openSignalWindow(
  { client, root, sync }: XServer,
  place: { x: number; y: number; width: number; height: number },
): Promise<SignalWindow> {
  const id = client.AllocID()
  const { x, y, width, height } = place
  client.CreateWindow(id, root, x, y, width, height, 0, 0, INPUT_OUTPUT, 0, {
    backgroundPixel: COLOURS[0]!,
    // No window manager puts it elsewhere, and it takes the keyboard by itself.
    overrideRedirect: true,
    eventMask: KEY_PRESS | BUTTON_PRESS,
  })
  client.MapWindow(id)
  await sync()
  client.SetInputFocus(id, POINTER_ROOT)
  await sync()
  let changes = 0
  const change = (event: XEvent) => {
    const isPress = event.name === ('KeyPress' as never) || event.name === ('ButtonPress' as never)
    if (!isPress || (event as unknown as { wid: number }).wid !== id) return
    changes++
    client.ChangeWindowAttributes(id, { backgroundPixel: COLOURS[changes % 2]! })
    client.ClearArea(id, 0, 0, 0, 0, 0)
  }
  client.on('event', change)
  return {
    changes: () => changes,
    close() {
      client.removeListener('event', change)
      client.DestroyWindow(id)
    },
  }
}
