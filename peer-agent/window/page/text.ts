import type { TFunction } from 'i18next'
import type { Language } from '../../../i18n/translator.ts'

let sentence: TFunction | undefined
let spoken: Language = 'en'

/** Called once, before the first component is drawn: the language never changes while the window is open. */
export function provideText(t: TFunction, language: Language): void {
  sentence = t
  spoken = language
}

/** The sentence for `key` in the customer's language. Plain text: draw it as text, never as HTML. */
export function text(key: string, values: Record<string, string | number> = {}): string {
  if (!sentence) throw new Error('provideText() comes first')
  return sentence(key, values)
}

/** A day as people say it, e.g. "21. Februar 2027". */
export function dayName(atMs: number): string {
  return new Intl.DateTimeFormat(spoken === 'de' ? 'de-DE' : 'en-GB', { dateStyle: 'long' }).format(atMs)
}

/** Time of day, e.g. "14:05". */
export function timeOfDay(atMs: number): string {
  return new Intl.DateTimeFormat(spoken === 'de' ? 'de-DE' : 'en-GB', { timeStyle: 'short' }).format(atMs)
}
