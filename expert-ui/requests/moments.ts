/** Day and time as the reader's region writes them, with the zone: auditors of one case may sit in two. */
export function dayAndTime(atMs: number, locale: string): string {
  return new Intl.DateTimeFormat(locale, {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'short',
  }).format(atMs)
}

/** The time alone. */
export function timeOfDay(atMs: number, locale: string): string {
  return new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit' }).format(atMs)
}

/** The days in UTC, as `2026-11-28`, that a day of the reader's own calendar touches: one or two. */
export function utcDaysOf(localDay: string): string[] {
  const [year, month, day] = localDay.split('-').map(Number) as [number, number, number]
  const first = new Date(year, month - 1, day)
  const last = new Date(year, month - 1, day + 1, 0, 0, 0, -1)
  const name = (at: Date) => at.toISOString().slice(0, 10)
  return [...new Set([name(first), name(last)])]
}

/** Midnight at the end of this day of the reader's calendar. */
export function endOfDayMs(localDay: string): number {
  const [year, month, day] = localDay.split('-').map(Number) as [number, number, number]
  return new Date(year, month - 1, day + 1).getTime()
}
