import type { Knex } from 'knex'
import { lengthsWithRoom, NAMEPLATE_REST_MS, type NameplateDigits, nameplateAt } from './nameplate-rules.ts'

/** A cryptographic source of one whole number from 0 to `below` − 1. */
export type Draw = (below: number) => number

/** Candidates tried at once before the whole length is looked through. */
const CANDIDATES = 64

/**
 * Picks the nameplate for one more waiting session [N1, N3]: of the shortest length that has room, one that has
 * rested; where none has rested, of the next length; where none of any length has, the one that rested longest.
 * Null where no length has room. The caller's transaction holds the allotment counter, so two never pick at once.
 */
export async function pickNameplate(
  trx: Knex.Transaction,
  nowMs: number,
  draw: Draw,
): Promise<string | null> {
  // One whose time is over but whose end nobody has written yet fills no space, and can't be allotted either.
  const waiting: { waiting_nameplate: string; expires_at_ms: number | string }[] = await trx('sessions')
    .whereNotNull('waiting_nameplate')
    .select('waiting_nameplate', 'expires_at_ms')
  const held = new Set(waiting.map((row) => row.waiting_nameplate))
  const lengths = lengthsWithRoom(
    waiting.filter((row) => Number(row.expires_at_ms) > nowMs).map((row) => row.waiting_nameplate),
  )
  for (const digits of lengths) {
    const rested = await drawRested(trx, digits, { held, nowMs, draw })
    if (rested !== null) return rested
  }
  return longestRested(trx, lengths, held)
}

async function drawRested(
  trx: Knex.Transaction,
  digits: NameplateDigits,
  { held, nowMs, draw }: { held: ReadonlySet<string>; nowMs: number; draw: Draw },
): Promise<string | null> {
  const space = 10 ** digits
  const resting = () =>
    trx('nameplates')
      .where('digits', digits)
      .where('expires_at_ms', '>', nowMs - NAMEPLATE_REST_MS)
      .pluck('nameplate')
  const candidates = Array.from({ length: CANDIDATES }, () => nameplateAt(draw(space), digits))
  const taken = new Set(await resting().whereIn('nameplate', candidates))
  const found = candidates.find((nameplate) => !taken.has(nameplate) && !held.has(nameplate))
  if (found !== undefined) return found
  const allTaken = new Set(await resting())
  const free = Array.from({ length: space }, (_, index) => nameplateAt(index, digits)).filter(
    (nameplate) => !allTaken.has(nameplate) && !held.has(nameplate),
  )
  return free.length === 0 ? null : free[draw(free.length)]!
}

async function longestRested(
  trx: Knex.Transaction,
  lengths: readonly NameplateDigits[],
  held: ReadonlySet<string>,
): Promise<string | null> {
  // At most `held.size` rows can be in the way, so one more is enough.
  const oldest: string[] = await trx('nameplates')
    .whereIn('digits', [...lengths])
    .orderBy('expires_at_ms')
    .orderBy('nameplate')
    .limit(held.size + 1)
    .pluck('nameplate')
  return oldest.find((nameplate) => !held.has(nameplate)) ?? null
}

/** Remembers who bears the nameplate and until when. */
export async function noteAllotment(
  trx: Knex.Transaction,
  { nameplate, sessionId, expiresAtMs }: { nameplate: string; sessionId: string; expiresAtMs: number },
): Promise<void> {
  await trx('nameplates')
    .insert({ nameplate, digits: nameplate.length, session_id: sessionId, expires_at_ms: expiresAtMs })
    .onConflict('nameplate')
    .merge()
}
