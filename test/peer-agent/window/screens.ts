import type { Screen } from '../../../peer-agent/window/view.ts'

/** One screen of each kind, as a session shows them. */
const expert = { name: 'Anna Beispiel', team: 'Technik Nord' }
const operatorName = 'Telekom Muster'

/** Noon of an ordinary day; the tests' clocks stand here. */
export const NOON_MS = Date.UTC(2026, 5, 1, 12)

export const NUMBER = { t: 'number', operatorName } as const satisfies Screen
export const BUSY = { t: 'busy', what: 'proving' } as const satisfies Screen
export const QUESTION = {
  t: 'question',
  subject: 'view',
  expert,
  operatorName,
  retentionDays: 90,
  expiresAtMs: NOON_MS + 60_000,
} as const satisfies Screen
export const SHARING = {
  t: 'sharing',
  expert,
  level: 'view',
  holder: 'customer',
  because: 'not-granted',
  restSeconds: 2,
  clipboard: { isOn: true, wanted: null, last: null },
  recorder: 'Rekorder Süd',
  picture: 'live',
  line: 'up',
  sinceMs: NOON_MS,
  stopKeyName: 'F11',
} as const satisfies Screen
export const EXPERT_HOLDS = {
  ...SHARING,
  level: 'control',
  holder: 'expert',
  because: null,
} as const satisfies Screen
export const HANDS = { ...EXPERT_HOLDS, holder: 'customer', because: 'hands' } as const satisfies Screen
export const ADMIN = { ...EXPERT_HOLDS, level: 'admin' } as const satisfies Screen
export const HIDDEN = {
  ...SHARING,
  picture: 'card',
  pictureReason: 'hidden',
} as const satisfies Screen
export const ENDED = {
  t: 'ended',
  reason: 'expert-ended',
  by: 'expert',
  recordingId: 'V1StGXR8_Z5jdHi6B-myT',
  retentionDays: 90,
  receipt: {
    fileName: 'Fernhilfe-Beleg-2026-06-01-1345.html',
    expert,
    startedAtMs: NOON_MS - 15 * 60_000,
    endedAtMs: NOON_MS,
    granted: ['view', 'control'],
    keptUntilMs: NOON_MS + 90 * 24 * 60 * 60_000,
  },
} as const satisfies Screen
