import type { Rect } from '../desktop/port.ts'
import type { Frame, Shift } from './pixels.ts'

type Size = Pick<Frame, 'width' | 'height'>

/** The kernels check nothing, so a mistake of ours must end here and not in another frame's pixels. */
export function checkInside({ x, y, width, height }: Rect, frame: Size): void {
  const isWhole = [x, y, width, height].every(Number.isInteger)
  const isInside = x >= 0 && y >= 0 && x + width <= frame.width && y + height <= frame.height
  if (isWhole && isInside && width > 0 && height > 0) return
  const size = `${frame.width} × ${frame.height}`
  throw new RangeError(`${width} × ${height} pixels at ${x}, ${y} do not lie in a frame of ${size}.`)
}

export function checkAlike(a: Size, b: Size): void {
  if (a.width === b.width && a.height === b.height) return
  throw new RangeError(`Frames of ${a.width} × ${a.height} and ${b.width} × ${b.height} are not comparable.`)
}

/** Both numbers of a shift are whole and what is moved comes from within the frame. */
export function checkSource({ x, y, width, height }: Rect, { dx, dy }: Shift, frame: Size): void {
  checkInside({ x: x - dx, y: y - dy, width, height }, frame)
}

export function checkFilm({ width, height }: Rect): void {
  if (width % 2 !== 0 || height % 2 !== 0 || width < 8)
    throw new RangeError(`A film can't be ${width} × ${height} pixels: even, and at least 8 wide.`)
}
