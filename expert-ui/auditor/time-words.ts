/** Which clock times are shown by. */
export type Zone = 'local' | 'utc'

const zoneOf = (zone: Zone) => (zone === 'utc' ? { timeZone: 'UTC' } : {})

/** `11:15:02` */
export function clockTime(atMs: number, zone: Zone, locale: string): string {
  const how = { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' } as const
  return new Intl.DateTimeFormat(locale, { ...how, ...zoneOf(zone) }).format(atMs)
}

/** `11:15` */
export function shortTime(atMs: number, zone: Zone, locale: string): string {
  const how = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const
  return new Intl.DateTimeFormat(locale, { ...how, ...zoneOf(zone) }).format(atMs)
}

/** `1. März 2026` */
export function longDate(atMs: number, zone: Zone, locale: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'long', ...zoneOf(zone) }).format(atMs)
}

/** `MEZ`, `GMT+1`, `UTC`: the zone as it was called at that time. */
export function zoneName(atMs: number, zone: Zone, locale: string): string {
  if (zone === 'utc') return 'UTC'
  const parts = new Intl.DateTimeFormat(locale, { timeZoneName: 'short' }).formatToParts(atMs)
  return parts.find(({ type }) => type === 'timeZoneName')?.value ?? ''
}

/** `Europe/Berlin` */
export function zoneId(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone
}

const TICK_STEPS_MS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400].map(
  (seconds) => seconds * 1000,
)

/** Positions for a ruler: whole minutes or seconds of the clock, at most `most` of them. */
export function rulerTicks(lengthMs: number, wallAtStartMs: number, most: number): number[] {
  const stepMs = TICK_STEPS_MS.find((step) => lengthMs / step <= most) ?? Math.ceil(lengthMs / most)
  const firstMs = (stepMs - (wallAtStartMs % stepMs)) % stepMs
  const count = Math.max(0, Math.floor((lengthMs - firstMs) / stepMs) + 1)
  return Array.from({ length: count }, (_, number) => firstMs + number * stepMs)
}
