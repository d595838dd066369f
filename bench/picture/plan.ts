import type { Choice, SystemName } from './choice.ts'
import type { LineName } from './line-names.ts'
import type { Kind } from './work.ts'

/** What is worth measuring on a line, and with whom beside: where a target speaks of it. */
const WORTH: Readonly<Record<LineName, Readonly<Partial<Record<SystemName, readonly Kind[]>>>>> = {
  full: {
    lotse: ['idle', 'typing', 'scroll', 'film', 'fullscreen', 'keys'],
    tigervnc: ['idle', 'typing', 'scroll', 'film', 'fullscreen', 'keys'],
    chromium: ['idle', 'typing', 'scroll', 'film', 'fullscreen'],
  },
  '10m': {
    lotse: ['scroll', 'fullscreen'],
    tigervnc: ['scroll', 'fullscreen'],
    chromium: ['scroll', 'fullscreen'],
  },
  '2m': { lotse: ['scroll'], chromium: ['scroll'] },
  '1m': { lotse: ['typing'], tigervnc: ['typing'] },
  wet: { lotse: ['dialog', 'keys'] },
}

/** Every kind of work that was asked for by name is measured; of what wasn't, what is worth it. */
export function planOf(choice: Choice, line: LineName, system: SystemName): readonly Kind[] {
  const kinds = choice.hasNamedKinds ? choice.kinds : (WORTH[line][system] ?? [])
  return kinds.filter((kind) => kind !== 'keys' || system !== 'chromium')
}
