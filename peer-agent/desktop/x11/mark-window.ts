import type { Geometry, ShapeExtension } from 'x11'
import type { Rect } from '../port.ts'
import type { WatermarkBitmap } from '../watermark-bitmap.ts'
import type { XConnection } from './connection.ts'

/** One window that shows the mark. The server repaints and, when we die, removes it without us. */
export interface MarkWindow {
  readonly id: number
  /** On the root window. */
  readonly place: Rect
}

const Z_PIXMAP = 2
const INPUT_OUTPUT = 1
const COPY_FROM_PARENT = 0
const REPLACE = 0
const VISIBILITY_CHANGE = 1 << 16
const VIEWABLE = 2
/** _NET_WM_BYPASS_COMPOSITOR: never skip compositing for a full-screen program beneath us. */
const KEEP_COMPOSITING = 2

/** Creates and maps the window, above all others at this moment. Nothing waits for it: see `isShown`. */
export async function createMarkWindow(
  connection: XConnection,
  shape: ShapeExtension,
  bitmap: WatermarkBitmap,
  x: number,
  y: number,
): Promise<MarkWindow> {
  const { client, root, depth } = connection
  const { width, height } = bitmap
  const [id, pixmap, gc] = [client.AllocID(), client.AllocID(), client.AllocID()]
  client.CreatePixmap(pixmap, root, depth, width, height)
  client.CreateGC(gc, pixmap, {})
  client.PutImage(Z_PIXMAP, pixmap, gc, width, height, 0, 0, 0, depth, bitmap.bgrx)
  // As its background the bitmap is painted by the server itself, even while our process is stopped.
  client.CreateWindow(id, root, x, y, width, height, 0, COPY_FROM_PARENT, INPUT_OUTPUT, COPY_FROM_PARENT, {
    overrideRedirect: true,
    backgroundPixmap: pixmap,
    eventMask: VISIBILITY_CHANGE,
  })
  client.FreeGC(gc)
  client.FreePixmap(pixmap)
  shape.Rectangles(shape.Op.Set, shape.Kind.Bounding, id, 0, 0, roundedRows(bitmap))
  // Without an input region clicks reach what lies beneath.
  shape.Rectangles(shape.Op.Set, shape.Kind.Input, id, 0, 0, [])
  await describe(connection, id)
  client.MapWindow(id)
  return { id, place: { x, y, width, height } }
}

async function describe(connection: XConnection, id: number): Promise<void> {
  const { client } = connection
  const atom = (name: string) => connection.ask<number>((done) => client.InternAtom(false, name, done))
  const [netName, utf8, bypass, cardinal] = await Promise.all(
    ['_NET_WM_NAME', 'UTF8_STRING', '_NET_WM_BYPASS_COMPOSITOR', 'CARDINAL'].map(atom),
  )
  client.ChangeProperty(REPLACE, id, netName!, utf8!, 8, Buffer.from('Lotse'))
  const keep = Buffer.alloc(4)
  keep.writeUInt32LE(KEEP_COMPOSITING)
  client.ChangeProperty(REPLACE, id, bypass!, cardinal!, 32, keep)
}

/** Whether the server shows the window where it belongs. */
export async function isShown(connection: XConnection, { id, place }: MarkWindow): Promise<boolean> {
  const { client } = connection
  try {
    const [attributes, at] = await Promise.all([
      connection.ask<{ mapState: number }>((done) => client.GetWindowAttributes(id, done)),
      connection.ask<Geometry>((done) => client.GetGeometry(id, done)),
    ])
    return (
      attributes.mapState === VIEWABLE &&
      at.xPos === place.x &&
      at.yPos === place.y &&
      at.width === place.width &&
      at.height === place.height
    )
  } catch {
    return false
  }
}

/** The window's shape as rectangles: one a row where a corner is round, one for all between. */
function roundedRows({
  width,
  height,
  cornerRadius: r,
}: WatermarkBitmap): [number, number, number, number][] {
  const rows: [number, number, number, number][] = [[0, r, width, height - 2 * r]]
  for (let row = 0; row < r; row++) {
    const inset = Math.round(r - Math.sqrt(r * r - (r - row - 0.5) ** 2))
    rows.push([inset, row, width - 2 * inset, 1], [inset, height - 1 - row, width - 2 * inset, 1])
  }
  return rows
}
