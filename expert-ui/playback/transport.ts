import type { PosMs } from './timed.ts'

export const SPEEDS = [0.5, 1, 2, 4, 8, 16] as const
export type Speed = (typeof SPEEDS)[number]
/** From this speed on, stretches without change are skipped unless the auditor chose otherwise. */
const SKIPS_FROM_SPEED = 4

/** Where the player is and how it goes on. */
export interface Transport {
  readonly posMs: PosMs
  readonly isPlaying: boolean
  readonly speed: Speed
  /** Whether stretches without change are skipped; null until the auditor chose. */
  readonly skips: boolean | null
}

export const AT_START: Transport = { posMs: 0, isPlaying: false, speed: 1, skips: null }

export interface Course {
  readonly lengthMs: number
  /** False while the recording is still being read: its end is not the end yet. */
  readonly isWhole: boolean
  /** Where to go on after a stretch without change; null where there is none at this time. */
  quietUntil(posMs: PosMs): PosMs | null
}

export type TransportInput =
  | { readonly t: 'play' | 'pause' | 'faster' | 'slower' | 'toggle-skip' }
  | { readonly t: 'jump'; readonly posMs: PosMs }
  | { readonly t: 'speed'; readonly speed: Speed }
  /** So much time has passed for the auditor. */
  | { readonly t: 'tick'; readonly elapsedMs: number }

export function skipsQuiet({ skips, speed }: Transport): boolean {
  return skips ?? speed >= SKIPS_FROM_SPEED
}

export function stepTransport(transport: Transport, input: TransportInput, course: Course): Transport {
  switch (input.t) {
    case 'play':
      return play(transport, course)
    case 'pause':
      return { ...transport, isPlaying: false }
    case 'jump':
      return { ...transport, posMs: within(input.posMs, course) }
    case 'speed':
      return { ...transport, speed: input.speed }
    case 'faster':
      return { ...transport, speed: SPEEDS[SPEEDS.indexOf(transport.speed) + 1] ?? transport.speed }
    case 'slower':
      return { ...transport, speed: SPEEDS[SPEEDS.indexOf(transport.speed) - 1] ?? transport.speed }
    case 'toggle-skip':
      return { ...transport, skips: !skipsQuiet(transport) }
    case 'tick':
      return tick(transport, input.elapsedMs, course)
  }
}

/** From the end it begins anew. */
function play(transport: Transport, course: Course): Transport {
  const isAtEnd = course.isWhole && transport.posMs >= course.lengthMs
  return { ...transport, isPlaying: true, posMs: isAtEnd ? 0 : transport.posMs }
}

function tick(transport: Transport, elapsedMs: number, course: Course): Transport {
  if (!transport.isPlaying) return transport
  const quietUntilMs = skipsQuiet(transport) ? course.quietUntil(transport.posMs) : null
  const posMs = Math.max(quietUntilMs ?? 0, transport.posMs + elapsedMs * transport.speed)
  const isOver = course.isWhole && posMs >= course.lengthMs
  return { ...transport, posMs: within(posMs, course), isPlaying: !isOver }
}

function within(posMs: PosMs, { lengthMs }: Course): PosMs {
  return Math.max(0, Math.min(lengthMs, posMs))
}
