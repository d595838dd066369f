/**
 * Recordings fall due in slots: all of one slot share a key, and the key is destroyed when the slot is over. Half an
 * hour, so that the first of a slot still goes well within an hour of its due time, a late look included [R6].
 */
export const SLOT_MS = 30 * 60_000

/** The start of the slot that holds this moment, in ms since the epoch. */
export function slotOf(atMs: number): number {
  return Math.floor(atMs / SLOT_MS) * SLOT_MS
}

/** Which key the wraps of a recording are stored under: that of their slot, or one of their own while they are held. */
export type KeyPlace =
  | { readonly t: 'slot'; readonly slotMs: number }
  | { readonly t: 'hold'; readonly slotMs: number; readonly sessionId: string }

/** `2026-05-30T10-30Z.key`, and `2026-05-30T10-30Z.SESSION.hold` for a recording that is held. */
export function keyFileName(place: KeyPlace): string {
  const slot = `${new Date(place.slotMs).toISOString().slice(0, 16).replace(':', '-')}Z`
  return place.t === 'slot' ? `${slot}.key` : `${slot}.${place.sessionId}.hold`
}

const FILE_NAME = /^(\d{4,}-\d\d-\d\d)T(\d\d)-([03]0)Z(?:\.key|\.([A-Za-z0-9_-]{22})\.hold)$/

/** The inverse of `keyFileName`; undefined for any other name. */
export function readKeyFileName(name: string): KeyPlace | undefined {
  const found = FILE_NAME.exec(name)
  if (!found) return undefined
  const [, day, hour, minute, sessionId] = found
  const slotMs = Date.parse(`${day}T${hour}:${minute}:00Z`)
  if (Number.isNaN(slotMs)) return undefined
  return sessionId === undefined ? { t: 'slot', slotMs } : { t: 'hold', slotMs, sessionId }
}
