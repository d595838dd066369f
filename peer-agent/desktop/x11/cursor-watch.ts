import { straightCursor } from '../cursor-shape.ts'
import type { CursorEvents } from '../port.ts'
import type { XConnection } from './connection.ts'

const DISPLAY_CURSOR = 1
/** One place a frame of a usual screen: a mouse tells up to eight times as many. */
const BETWEEN_PLACES_MS = 16
/** A busy cursor turns; nobody needs every frame of it. */
const BETWEEN_LOOKS_MS = 100
/** The server's stand-in for an animated cursor, whose frames follow under numbers of their own. */
const NO_IMAGE = 0

/**
 * Looks by XFIXES, place by the server's raw motion events, which say *that* the pointer moved; where it went is asked,
 * one question at a time. Everything waits for an event: a resting mouse costs nothing.
 */
export async function watchCursor(
  connection: XConnection,
  origin: () => { readonly left: number; readonly top: number },
  events: CursorEvents,
): Promise<{ pointerMayHaveMoved(): void; close(): void }> {
  const { client, root } = connection
  const [fixes, xinput] = await Promise.all([connection.extension('fixes'), connection.extension('xinput')])
  let serial: number | undefined
  let placeKnown = ''
  const looks = coalesced(BETWEEN_LOOKS_MS, async () => {
    const image = await connection.ask<Parameters<Parameters<typeof fixes.GetCursorImage>[0]>[1]>((done) =>
      fixes.GetCursorImage(done),
    )
    if (image.cursorSerial === serial || image.cursorSerial === NO_IMAGE) return
    serial = image.cursorSerial
    const { width, height, xhot: hotX, yhot: hotY, cursorImage } = image
    if (width === 0 || height === 0) return
    events.looks(straightCursor(cursorImage, { id: image.cursorSerial, width, height, hotX, hotY }))
  })
  const place = coalesced(BETWEEN_PLACES_MS, async () => {
    const at = await connection.ask<{ rootX: number; rootY: number }>((done) =>
      client.QueryPointer(root, done),
    )
    const { left, top } = origin()
    const [x, y] = [at.rootX - left, at.rootY - top]
    if (placeKnown === `${x} ${y}`) return
    placeKnown = `${x} ${y}`
    events.place({ x, y })
  })
  connection.onEvent((event) => {
    if (event.name === 'CursorNotify') looks.run()
    else if (event.name === 'XIRawMotion' || event.name === 'XIRawTouchUpdate') place.run()
  })
  fixes.SelectCursorInput(root, DISPLAY_CURSOR)
  const { RawMotion = 0, RawTouchUpdate = 0 } = xinput.EventMask
  xinput.XISelectEvents(root, { deviceId: xinput.AllMasterDevices, mask: RawMotion | RawTouchUpdate })
  looks.run()
  place.run()
  return {
    pointerMayHaveMoved: place.run,
    close() {
      looks.close()
      place.close()
    },
  }
}

/** Runs `action` at once, then once more for all calls that came while it ran or within `restMs` after. */
function coalesced(restMs: number, action: () => Promise<void>): { run(): void; close(): void } {
  let state: 'idle' | 'busy' | 'again' | 'closed' = 'idle'
  let rest: NodeJS.Timeout | undefined
  const settle = () => {
    if (state === 'closed') return
    const again = state === 'again'
    state = 'idle'
    if (again) run()
  }
  const run = () => {
    if (state === 'closed') return
    if (state !== 'idle') {
      state = 'again'
      return
    }
    state = 'busy'
    // Either the connection is lost, which tells everybody by itself, or the server does not give away the image of a
    // cursor whose program is gone (seen with Xvfb 21.1): then the last looks stay.
    action()
      .catch(() => {})
      .then(() => {
        if (state !== 'closed') rest = setTimeout(settle, restMs)
      })
  }
  return {
    run,
    close() {
      state = 'closed'
      clearTimeout(rest)
    },
  }
}
