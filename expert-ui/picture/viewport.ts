import type { ScreenLayout } from '../../protocol/messages/picture.ts'

/** `fit`: all of it in the window. `actual`: one pixel of the customer's screen is one pixel of the expert's. */
export type Zoom = 'fit' | 'actual'

/** A part of the customer's screen, in its pixels. */
export interface Area {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** The place on the page that there is for it, in CSS pixels of the window. */
export interface Room {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** Where and how large an area is shown; all in CSS pixels. */
export interface Placement {
  /** CSS pixels per pixel of the customer's screen. */
  readonly scale: number
  readonly width: number
  readonly height: number
  /** Offset within the room; next to nothing where the area is larger than the room and scrolls. */
  readonly left: number
  readonly top: number
  /** True where every pixel becomes a whole number of device pixels, so that smoothing would only blur. */
  readonly sharp: boolean
}

/** The monitor of that id, or the whole screen where none is chosen or the chosen one is gone. */
export function areaOf(layout: ScreenLayout, monitorId: string | null): Area {
  const monitor = layout.monitors.find((candidate) => candidate.id === monitorId)
  return monitor ?? { x: 0, y: 0, width: layout.width, height: layout.height }
}

/** @param pixelRatio device pixels per CSS pixel */
export function place(area: Area, room: Room, zoom: Zoom, pixelRatio: number): Placement {
  const fitting = Math.min(room.width / area.width, room.height / area.height)
  const scale = zoom === 'actual' ? 1 / pixelRatio : fitting
  const width = area.width * scale
  const height = area.height * scale
  const deviceScale = scale * pixelRatio
  // Half a device pixel beside the grid would blur what is otherwise exact, wherever the room itself begins.
  const centred = (start: number, free: number) =>
    Math.ceil((start + Math.max(0, free / 2)) * pixelRatio - 1e-6) / pixelRatio - start
  return {
    scale,
    width,
    height,
    left: centred(room.x, room.width - width),
    top: centred(room.y, room.height - height),
    sharp: deviceScale >= 1 && Math.abs(deviceScale - Math.round(deviceScale)) < 1e-6,
  }
}

/** A place on the customer's screen, and whether the pointer is really over what is shown of it. */
export interface PixelUnder {
  readonly x: number
  readonly y: number
  readonly isInside: boolean
}

/**
 * The pixel of the customer's screen under the pointer's tip: the inverse of `place`. What is beside the shown area
 * counts as its nearest pixel.
 * @param origin where the area's top left corner is now, scrolled or not, in CSS pixels of the window
 * @param tip of the pointer, in CSS pixels of the window
 */
export function pixelUnder(
  area: Area,
  scale: number,
  pixelRatio: number,
  origin: { readonly x: number; readonly y: number },
  tip: { readonly x: number; readonly y: number },
): PixelUnder {
  const x = along(area.width, scale, pixelRatio, origin.x, tip.x)
  const y = along(area.height, scale, pixelRatio, origin.y, tip.y)
  return {
    x: area.x + x.pixel,
    y: area.y + y.pixel,
    isInside: x.isInside && y.isInside,
  }
}

/** Rounding errors of a browser's positions are below this, in device pixels. */
const SLIP = 0.05

/**
 * Both the tip and the picture's edge lie on whole device pixels; what counts is the centre of the tip's pixel, so
 * that neither edge nor error decides.
 */
function along(size: number, scale: number, pixelRatio: number, origin: number, tip: number) {
  const fromEdge = Math.floor(tip * pixelRatio + SLIP) + 0.5 - Math.round(origin * pixelRatio)
  const pixel = Math.floor(fromEdge / (scale * pixelRatio))
  return { pixel: Math.max(0, Math.min(size - 1, pixel)), isInside: pixel >= 0 && pixel < size }
}
