import type { XClient } from 'x11'
import { ask, openXClient } from '../../test/fixtures/x-client.ts'
import { BARCODE, BLOCK_PIXELS, barcodeOf } from './barcode.ts'

/** Pixels as BGRX, rows without padding. */
export interface Bitmap {
  readonly width: number
  readonly height: number
  readonly bgrx: Buffer
}

export interface Place {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** What the stimulus draws on: one window over everything. Pictures lie ready on the server and are shown by a copy. */
export interface Screen {
  readonly width: number
  readonly height: number
  readonly client: XClient
  readonly window: number
  /** Uploads a picture; it is kept until `forget`. */
  keep(bitmap: Bitmap): number
  /** Frees all pictures that are kept. */
  forget(): void
  copy(from: number, fromX: number, fromY: number, to: Place): void
  barcode(number: number, x: number, y: number): void
  fill(place: Place, isWhite: boolean): void
  /** Keys come to the stimulus from now on. */
  takeFocus(): void
  /** Shows all of what `draw` draws at once. Resolves with the time when the server had done it: ms since 1970. */
  change(draw: () => void): Promise<number>
  sync(): Promise<void>
}

const Z_PIXMAP = 2
const INPUT_OUTPUT = 1
const KEY_PRESS = 1
const BUTTON_PRESS = 1 << 2
const POINTER_ROOT = 1
/** Below the largest request that an X server takes. */
const UPLOAD_BYTES = 2 * 1024 * 1024

export async function openScreen(display: string): Promise<Screen> {
  const client = await openXClient(display, 'the stimulus')
  const { root, pixel_width: width, pixel_height: height, root_depth: depth } = client.display.screen[0]!
  const [window, white, black] = [client.AllocID(), client.AllocID(), client.AllocID()]
  // No window manager puts it elsewhere.
  client.CreateWindow(window, root, 0, 0, width, height, 0, 0, INPUT_OUTPUT, 0, {
    overrideRedirect: true,
    // Clicks end here, too, or the window manager would take them for clicks on the desktop and move the focus.
    eventMask: KEY_PRESS | BUTTON_PRESS,
  })
  client.CreateGC(white, window, { foreground: 0xffffff, graphicsExposures: 0 })
  client.CreateGC(black, window, { foreground: 0, graphicsExposures: 0 })
  client.ChangeWindowAttributes(window, { cursor: noCursor(client, window) })
  client.MapWindow(window)
  const sync = async () => void (await ask((done) => client.GetInputFocus(done)))
  await sync()
  const kept: number[] = []

  const fill = ({ x, y, width, height }: Place, isWhite: boolean) =>
    client.PolyFillRectangle(window, isWhite ? white : black, [x, y, width, height])

  return {
    width,
    height,
    client,
    window,
    keep({ width, height, bgrx }) {
      const id = client.AllocID()
      client.CreatePixmap(id, window, depth, width, height)
      const rows = Math.max(1, Math.floor(UPLOAD_BYTES / (width * 4)))
      for (let y = 0; y < height; y += rows) {
        const part = bgrx.subarray(y * width * 4, Math.min(height, y + rows) * width * 4)
        client.PutImage(Z_PIXMAP, id, white, width, part.length / (width * 4), 0, y, 0, depth, part)
      }
      kept.push(id)
      return id
    },
    forget() {
      for (const id of kept.splice(0)) client.FreePixmap(id)
    },
    copy(from, fromX, fromY, { x, y, width, height }) {
      client.CopyArea(from, window, white, fromX, fromY, x, y, width, height)
    },
    fill,
    barcode(number, x, y) {
      fill({ x, y, ...BARCODE }, true)
      const places = barcodeOf(number).flatMap((isWhite, at) =>
        isWhite ? [] : [x + at * BLOCK_PIXELS, y, BLOCK_PIXELS, BLOCK_PIXELS],
      )
      client.PolyFillRectangle(window, black, places)
    },
    takeFocus: () => client.SetInputFocus(window, POINTER_ROOT),
    async change(draw) {
      client.GrabServer()
      draw()
      client.UngrabServer()
      await sync()
      return performance.timeOrigin + performance.now()
    },
    sync,
  }
}

/** Some systems draw the cursor into the picture and some don't: there is none. */
function noCursor(client: XClient, window: number): number {
  const [cursor, mask, clear] = [client.AllocID(), client.AllocID(), client.AllocID()]
  client.CreatePixmap(mask, window, 1, 1, 1)
  client.CreateGC(clear, mask, { foreground: 0 })
  client.PolyFillRectangle(mask, clear, [0, 0, 1, 1])
  const black = { R: 0, G: 0, B: 0 }
  client.CreateCursor(cursor, mask, mask, black, black, 0, 0)
  return cursor
}
