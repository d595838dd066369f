import type { XServer } from '../../test/fixtures/x-server.ts'
import type { ExpertStage } from './expert.ts'
import { until } from './until.ts'

interface Pixels {
  readonly width: number
  readonly height: number
  readonly rgb: Uint8Array
}

/** Pixels that differ, or all of them where the sizes do. */
export function pixelsThatDiffer(one: Pixels, other: Pixels): number {
  if (one.width !== other.width || one.height !== other.height) return Math.max(one.width * one.height, 1)
  let differ = 0
  for (let at = 0; at < one.rgb.length; at += 3) {
    const isSame =
      one.rgb[at] === other.rgb[at] &&
      one.rgb[at + 1] === other.rgb[at + 1] &&
      one.rgb[at + 2] === other.rgb[at + 2]
    if (!isSame) differ++
  }
  return differ
}

export function samePixels(one: Pixels, other: Pixels): boolean {
  return pixelsThatDiffer(one, other) === 0
}

/** Waits until the expert's canvas equals the X server's own screenshot; throws with the count of what differs. */
export async function waitForSamePixels(x: XServer, expert: ExpertStage, limitMs = 30_000): Promise<Pixels> {
  let screen = await x.screenshot()
  let differ = 0
  await until(
    async () => {
      screen = await x.screenshot()
      differ = pixelsThatDiffer(screen, await expert.pixels())
      return differ === 0
    },
    limitMs,
    () => `${differ} of ${screen.width * screen.height} pixels differ`,
  )
  return screen
}
