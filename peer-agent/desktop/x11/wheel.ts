/** X knows whole notches alone, as clicks of four buttons: up, down, left, right. */
export interface Wheel {
  /** @returns the buttons to click for this much more, in 1/120 of a notch, right and down */
  turn(dx: number, dy: number): number[]
  /** Forgets what is less than a notch. */
  stop(): void
}

const NOTCH = 120
const [UP, DOWN, LEFT, RIGHT] = [4, 5, 6, 7]

export function createWheel(): Wheel {
  let [x, y] = [0, 0]
  return {
    turn(dx, dy) {
      x += dx
      y += dy
      const [right, down] = [Math.trunc(x / NOTCH), Math.trunc(y / NOTCH)]
      x -= right * NOTCH
      y -= down * NOTCH
      return [
        ...Array<number>(Math.abs(down)).fill(down < 0 ? UP : DOWN),
        ...Array<number>(Math.abs(right)).fill(right < 0 ? LEFT : RIGHT),
      ]
    },
    stop() {
      x = 0
      y = 0
    },
  }
}
