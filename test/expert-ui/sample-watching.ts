import type { Watching } from '../../expert-ui/session/view.ts'

/** A customer who has granted *view* and can be asked for more. */
export const WATCHING: Watching = {
  phase: 'watching',
  level: 'view',
  holder: 'customer',
  because: 'not-granted',
  restMs: 2_000,
  question: null,
  askable: ['control'],
  clipboard: true,
  ctrlAltDel: true,
  recorder: 'Recorder Nord',
  picture: { state: 'live' },
  line: 'up',
  lineQuality: 'good',
  sinceMs: Date.now(),
}

/** The expert has mouse and keyboard. */
export const STEERING: Watching = {
  ...WATCHING,
  level: 'control',
  holder: 'expert',
  because: null,
  askable: [],
}

/** Control is granted, and the customer moves the mouse. */
export const YIELDING: Watching = { ...STEERING, holder: 'customer', because: 'hands' }
