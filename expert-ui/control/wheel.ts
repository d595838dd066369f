/** What a browser tells of a turn of the wheel. */
export interface WheelFacts {
  readonly deltaX: number
  readonly deltaY: number
  /** 0 pixels, 1 lines, 2 pages. */
  readonly deltaMode: number
  /** In 1/120 of a notch, left and up; not every browser has them. */
  readonly wheelDeltaX?: number | undefined
  readonly wheelDeltaY?: number | undefined
  readonly shiftKey: boolean
}

/** In 1/120 of a notch, right and down. */
export interface Turn {
  readonly dx: number
  readonly dy: number
}

/** What the browsers take one notch for. */
const PER_NOTCH = [100, 3, 1 / 3]
const UNITS = 120
/** The message takes no more at once. */
const MOST = 12_000

export const NO_TURN: Turn = { dx: 0, dy: 0 }

export function turnOf(wheel: WheelFacts): Turn {
  const perNotch = PER_NOTCH[wheel.deltaMode] ?? PER_NOTCH[0]!
  const along = (own: number | undefined, delta: number) =>
    own === undefined || (own === 0 && delta !== 0) ? (delta / perNotch) * UNITS : -own
  const turn = { dx: along(wheel.wheelDeltaX, wheel.deltaX), dy: along(wheel.wheelDeltaY, wheel.deltaY) }
  // Browsers lay the wheel across while Shift is held. At the customer Shift is held as well and does it there.
  return wheel.shiftKey && turn.dy === 0 ? { dx: 0, dy: turn.dx } : turn
}

/**
 * Adds a turn to what was too small to send.
 * @returns what to send now, and what is left for the next time
 */
export function addTurn(rest: Turn, turn: Turn): { readonly sent: Turn; readonly rest: Turn } {
  const x = whole(rest.dx, turn.dx)
  const y = whole(rest.dy, turn.dy)
  return { sent: { dx: x.sent, dy: y.sent }, rest: { dx: x.rest, dy: y.rest } }
}

function whole(rest: number, turn: number): { sent: number; rest: number } {
  // Whoever turns back does not first make up for what the other way had left.
  const sum = (Math.sign(rest) === -Math.sign(turn) ? 0 : rest) + turn
  const sent = Math.max(-MOST, Math.min(MOST, Math.trunc(sum))) || 0
  return { sent, rest: sum - Math.trunc(sum) }
}
