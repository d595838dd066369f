/** How many sessions may wait under nameplates of each length at the same time [N1]. */
export const NAMEPLATE_ROOM = [
  /** One machine's exception: 5 % of the space. */
  { digits: 3, mayWait: 50 },
  /** 0.5 % of the space, as for every further length. */
  { digits: 4, mayWait: 50 },
  { digits: 5, mayWait: 500 },
] as const

export type NameplateDigits = (typeof NAMEPLATE_ROOM)[number]['digits']

/** After its number has ended a nameplate is left alone for this long, while the space allows [N3]. */
export const NAMEPLATE_REST_MS = 24 * 60 * 60 * 1000

/**
 * The lengths under which one more session may wait, shortest first.
 * @param waiting the nameplates of all sessions that wait now
 */
export function lengthsWithRoom(waiting: readonly string[]): NameplateDigits[] {
  return NAMEPLATE_ROOM.filter(
    ({ digits, mayWait }) => waiting.filter((nameplate) => nameplate.length === digits).length < mayWait,
  ).map(({ digits }) => digits)
}

/** The `index`th nameplate of a length, leading zeros included. */
export const nameplateAt = (index: number, digits: number) => String(index).padStart(digits, '0')
