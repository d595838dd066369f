/** Text that is markup already: what `html` made, or text of our own. Nothing from outside is one by accident. */
export class Html {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

type Value = string | number | Html | readonly Html[]

/** A template in which every value is escaped, for text and for attributes in double quotes; `Html` stays as it is. */
export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Html {
  return new Html(parts.map((part, at) => part + (at < values.length ? written(values[at]!) : '')).join(''))
}

function written(value: Value): string {
  if (value instanceof Html) return value.text
  if (typeof value === 'object') return value.map(({ text }) => text).join('')
  return escaped(String(value))
}

const ESCAPES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
/** Would turn the reading direction of what stands around them, break the line, or are no characters at all. */
const DISTURBING = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\ufeff]/gu

function escaped(text: string): string {
  return text.replace(DISTURBING, '\ufffd').replace(/[&<>"']/g, (sign) => ESCAPES[sign]!)
}
