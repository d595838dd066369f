/** A line that is only narrow is made by the kernel; one that also delays and loses, by a relay of ours. */
export type LineCharacter = {
  readonly bitsPerSecond: number
  /** So long it may take until a whole new screen has arrived exactly. */
  readonly settleSeconds: number
} & (object | { readonly delayMs: number; readonly lossShare: number })

/** Both directions alike. `wet` is the wet string: 300 ms there and back, 2 of 100 packets lost. */
export const LINES = {
  full: { bitsPerSecond: Infinity, settleSeconds: 3 },
  '10m': { bitsPerSecond: 10_000_000, settleSeconds: 8 },
  '2m': { bitsPerSecond: 2_000_000, settleSeconds: 15 },
  '1m': { bitsPerSecond: 1_000_000, settleSeconds: 20 },
  wet: { bitsPerSecond: 128_000, settleSeconds: 90, delayMs: 150, lossShare: 0.02 },
} as const satisfies Record<string, LineCharacter>
export type LineName = keyof typeof LINES
export const LINE_NAMES = Object.keys(LINES) as LineName[]
