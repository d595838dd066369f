import i18next, { type TFunction } from 'i18next'

export const LANGUAGES = ['de', 'en'] as const
export type Language = (typeof LANGUAGES)[number]

/** The first language of `wanted` (BCP 47 tags, as from `navigator.languages` or `LANG`) that Lotse speaks; else English. */
export function pickLanguage(wanted: readonly string[]): Language {
  for (const tag of wanted) {
    const primary = tag.toLowerCase().split(/[-_.@]/)[0]
    const language = LANGUAGES.find((candidate) => candidate === primary)
    if (language) return language
  }
  return 'en'
}

/** Sentences by key, `{{name}}` filled in. Values are never escaped here: whoever draws them must treat them as text. */
export function translator(language: Language, sentences: Record<Language, object>): TFunction {
  const instance = i18next.createInstance()
  void instance.init({
    lng: language,
    fallbackLng: 'en',
    initAsync: false,
    interpolation: { escapeValue: false },
    resources: {
      de: { translation: sentences.de },
      en: { translation: sentences.en },
    },
  })
  return instance.t
}
