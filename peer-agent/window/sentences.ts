import type { TFunction } from 'i18next'
import de from '../../i18n/customer.de.json' with { type: 'json' }
import en from '../../i18n/customer.en.json' with { type: 'json' }
import { type Language, translator } from '../../i18n/translator.ts'
import { NUMBER_PROBLEMS, type Problem } from './view.ts'

/** Everything the customer is told, in their language. Used by the page and by the agent (watermark, refusals). */
export function customerSentences(language: Language): TFunction {
  return translator(language, { de, en })
}

/**
 * The key of the sentence for what went wrong with the last number. A few codes are refusals and end reasons at
 * once; before a session the refusal's sentence is the right one, for it says what to do next.
 */
export function problemKey(problem: Problem): string {
  if ((NUMBER_PROBLEMS as readonly string[]).includes(problem)) return `numberProblem.${problem}`
  return problem in de.refusal ? `refusal.${problem}` : `ended.${problem}`
}
