import type { ShapeExtension } from 'x11'
import type { PointerBitmaps } from '../show-pointer-bitmap.ts'
import type { XConnection } from './connection.ts'

/** The window of one look of the pointer. Showing and moving it costs no drawing: the server has all its pixels. */
export interface PointerWindow {
  /** Puts it with its tip at this place on the root window, above all others but the mark. */
  showAt(x: number, y: number): void
  setPulse(isWide: boolean): void
  hide(): void
  destroy(): void
}

const Z_PIXMAP = 2
const INPUT_OUTPUT = 1
const COPY_FROM_PARENT = 0
const REPLACE = 0
const ABOVE = 0
const BELOW = 1
/** From here on a pixel is drawn: without a compositor a window has no half-transparent ones. */
const OPAQUE = 128

type Runs = [number, number, number, number][]

export async function createPointerWindow(
  connection: XConnection,
  shape: ShapeExtension,
  bitmaps: PointerBitmaps,
  lowestOfMark: () => number | undefined,
): Promise<PointerWindow> {
  const { client, root, depth } = connection
  const { width, height, tipX, tipY, ringReach } = bitmaps
  const atom = (name: string) => connection.ask<number>((done) => client.InternAtom(false, name, done))
  const [netName, utf8] = await Promise.all([atom('_NET_WM_NAME'), atom('UTF8_STRING')])
  const id = client.AllocID()
  const rest = upload(bitmaps.rest)
  const pulse = upload(bitmaps.pulse)
  client.CreateWindow(id, root, 0, 0, width, height, 0, COPY_FROM_PARENT, INPUT_OUTPUT, COPY_FROM_PARENT, {
    overrideRedirect: true,
    backgroundPixmap: rest.pixmap,
  })
  shape.Rectangles(shape.Op.Set, shape.Kind.Bounding, id, 0, 0, rest.runs)
  // Without an input region clicks reach what lies beneath.
  shape.Rectangles(shape.Op.Set, shape.Kind.Input, id, 0, 0, [])
  client.ChangeProperty(REPLACE, id, netName, utf8, 8, Buffer.from('Lotse'))

  // Before it is seen: else the mark would find a window above itself and raise itself for nothing.
  toTop()

  function toTop(): void {
    const sibling = lowestOfMark()
    client.ConfigureWindow(id, sibling === undefined ? { stackMode: ABOVE } : { sibling, stackMode: BELOW })
  }

  function upload(bgra: Buffer): { pixmap: number; runs: Runs } {
    const [pixmap, gc] = [client.AllocID(), client.AllocID()]
    client.CreatePixmap(pixmap, root, depth, width, height)
    client.CreateGC(gc, pixmap, {})
    client.PutImage(Z_PIXMAP, pixmap, gc, width, height, 0, 0, 0, depth, bgra)
    client.FreeGC(gc)
    return { pixmap, runs: opaqueRuns(bgra, width, height) }
  }

  return {
    showAt(x, y) {
      // Apart: where the mark's window has just gone, this fails, and the place must be right all the same.
      toTop()
      client.ConfigureWindow(id, { x: x - tipX, y: y - tipY })
      client.MapWindow(id)
    },
    setPulse(isWide) {
      const { pixmap, runs } = isWide ? pulse : rest
      const ring = 2 * ringReach + 1
      client.ChangeWindowAttributes(id, { backgroundPixmap: pixmap })
      shape.Rectangles(shape.Op.Set, shape.Kind.Bounding, id, 0, 0, runs)
      client.ClearArea(id, tipX - ringReach, tipY - ringReach, ring, ring, 0)
    },
    hide() {
      client.UnmapWindow(id)
    },
    destroy() {
      client.DestroyWindow(id)
      client.FreePixmap(rest.pixmap)
      client.FreePixmap(pulse.pixmap)
    },
  }
}

/** What is drawn as rectangles: one for each run of a row, joined with the one above where they are alike. */
export function opaqueRuns(bgra: Buffer, width: number, height: number): Runs {
  const done: Runs = []
  let above = new Map<string, Runs[number]>()
  for (let row = 0; row < height; row++) {
    const here = new Map<string, Runs[number]>()
    for (let start = 0; start < width; start++) {
      if (!isDrawn(start, row)) continue
      let end = start + 1
      while (end < width && isDrawn(end, row)) end++
      const key = `${start} ${end}`
      const run = above.get(key) ?? [start, row, end - start, 0]
      run[3]++
      if (run[3] === 1) done.push(run)
      here.set(key, run)
      start = end
    }
    above = here
  }
  return done

  function isDrawn(x: number, y: number): boolean {
    return bgra[(y * width + x) * 4 + 3]! >= OPAQUE
  }
}
