import type { PixelUnder } from '../picture/viewport.ts'
import { flagsOf } from './event-facts.ts'
import type { ShowPointer } from './show-pointer.ts'
import type { Steering } from './steering.ts'
import { turnOf } from './wheel.ts'

export interface SurfaceOptions {
  readonly steering: Steering
  readonly show: ShowPointer
  /** The customer's pixel under a place of the window; null where there is no picture to point at. */
  readonly under: (x: number, y: number) => PixelUnder | null
  /** The customer has granted control, whoever holds now. */
  readonly isGranted: () => boolean
  /** A press and drag moves the picture; only a click points. */
  readonly pansByDrag: () => boolean
  readonly focusKeys: () => void
}

/** A press that moves less, in CSS pixels, is a click. */
const CLICK_PX = 4
/** What browsers do on their own with a mouse over a picture: select, scroll, paste, drag, go back. */
const OWN_WAYS = ['mousedown', 'mouseup', 'click', 'auxclick', 'dragstart', 'selectstart'] as const

/** The mouse over the picture: steers where the expert holds, and points where they do not. */
export function steersFrom(options: SurfaceOptions): (room: HTMLElement) => () => void {
  const { steering, show, under, isGranted, pansByDrag, focusKeys } = options
  return (room) => {
    const listening = new AbortController()
    const on = <K extends keyof HTMLElementEventMap>(type: K, act: (event: HTMLElementEventMap[K]) => void) =>
      room.addEventListener(type, act, { signal: listening.signal, passive: false })
    let last: PointerEvent | null = null
    let pressedAt: { readonly x: number; readonly y: number } | null = null
    let isShowing = false

    const isOnBars = ({ clientX, clientY }: MouseEvent) => {
      const box = room.getBoundingClientRect()
      return clientX >= box.left + room.clientWidth || clientY >= box.top + room.clientHeight
    }
    const point = (event: PointerEvent): PixelUnder | null => {
      const place = under(event.clientX, event.clientY)
      if (place) steering.point(event.buttons, place, flagsOf(event))
      return place
    }

    const press = (event: PointerEvent, place: PixelUnder) => {
      if (pansByDrag()) {
        pressedAt = { x: event.clientX, y: event.clientY }
        return
      }
      isShowing = true
      room.setPointerCapture(event.pointerId)
      show.at(place.x, place.y)
    }

    on('pointerdown', (event) => {
      if (isOnBars(event)) return
      last = event
      if (isGranted()) focusKeys()
      const place = point(event)
      if (steering.isOn) room.setPointerCapture(event.pointerId)
      else if (event.button === 0 && place?.isInside) press(event, place)
    })
    on('pointermove', (event) => {
      // A drag goes on over the scroll bars, everything else ends there.
      if (isOnBars(event) && !room.hasPointerCapture(event.pointerId)) return
      last = event
      const place = point(event)
      if (isShowing && place?.isInside && !steering.isOn) show.at(place.x, place.y)
    })
    on('pointerup', (event) => {
      last = event
      const place = point(event)
      const wasClick =
        pressedAt && Math.hypot(event.clientX - pressedAt.x, event.clientY - pressedAt.y) < CLICK_PX
      if (wasClick && place?.isInside && !steering.isOn) show.at(place.x, place.y)
      pressedAt = null
      isShowing = false
    })
    const lost = (event: PointerEvent) => {
      steering.pointerLost(event.buttons)
      isShowing = false
    }
    on('pointercancel', lost)
    on('lostpointercapture', lost)
    on('pointerleave', () => {
      last = null
    })
    // The pointer rests, and the picture moves under it.
    on('scroll', () => {
      if (last) point(last)
    })
    on('wheel', (event) => {
      if (!isGranted()) return
      if (steering.isOn || event.ctrlKey) event.preventDefault()
      const place = under(event.clientX, event.clientY)
      if (place) steering.wheel(turnOf(event as WheelEvent & LegacyWheel), place, flagsOf(event))
    })
    for (const way of OWN_WAYS) {
      on(way, (event) => {
        if (isGranted() && !(event instanceof MouseEvent && isOnBars(event))) event.preventDefault()
      })
    }
    on('contextmenu', (event) => event.preventDefault())
    return () => listening.abort()
  }
}

/** Older than the standard, and the only ones that tell notches. */
interface LegacyWheel {
  readonly wheelDeltaX?: number
  readonly wheelDeltaY?: number
}
