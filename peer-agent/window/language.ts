import { type Language, pickLanguage } from '../../i18n/translator.ts'

/**
 * The language of the customer's system, by the order of gettext: `LANGUAGE` (a list) counts only where a locale
 * other than C is set, `LC_ALL` before `LC_MESSAGES` before `LANG`.
 */
export function systemLanguage(env: Record<string, string | undefined> = process.env): Language {
  const locale = env.LC_ALL || env.LC_MESSAGES || env.LANG || 'C'
  const isPlain = /^(C|POSIX)([._@]|$)/.test(locale)
  const preferred = isPlain ? [] : (env.LANGUAGE ?? '').split(':')
  return pickLanguage([...preferred, locale].filter((tag) => tag !== ''))
}
