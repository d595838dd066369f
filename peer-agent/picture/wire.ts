import type { ScreenLayout } from '../../protocol/messages/picture.ts'
import type { Layout } from '../desktop/port.ts'

/** The parts one after the other in memory of their own, which can go to another thread without a copy. */
export function exactBuffer(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    joined.set(part, at)
    at += part.length
  }
  return joined
}

/** The layout as it travels. */
export function screenLayout({ width, height, monitors }: Layout): ScreenLayout {
  return { width, height, monitors: monitors.map((monitor) => ({ ...monitor })) }
}
