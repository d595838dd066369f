import type { TFunction } from 'i18next'
import de from '../../i18n/expert.de.json' with { type: 'json' }
import en from '../../i18n/expert.en.json' with { type: 'json' }
import { LANGUAGES, type Language, pickLanguage, translator } from '../../i18n/translator.ts'

const KEPT_UNDER = 'lotse.language'

/** The language of the page: the browser's, or what the expert switched to. */
class Words {
  #language: Language = $state(firstLanguage())
  readonly t: TFunction = $derived(translator(this.#language, { de, en }))

  get language(): Language {
    return this.#language
  }

  /** For times and figures: the expert's own region where it speaks the page's language. */
  get locale(): string {
    return navigator.languages.find((tag) => tag.startsWith(this.#language)) ?? this.#language
  }

  speak(language: Language): void {
    this.#language = language
    try {
      localStorage.setItem(KEPT_UNDER, language)
    } catch {
      // A browser that keeps nothing asks again next time; the page itself speaks the language all the same.
    }
  }
}

function firstLanguage(): Language {
  let kept: string | null = null
  try {
    kept = localStorage.getItem(KEPT_UNDER)
  } catch {
    // See above.
  }
  return LANGUAGES.find((language) => language === kept) ?? pickLanguage(navigator.languages)
}

export const words = new Words()
