import type { TFunction } from 'i18next'
import type { Language } from '../../i18n/translator.ts'
import type { ReceiptPage } from '../../peer/receipt/receipt-file.ts'
import { LEVELS } from '../../protocol/level.ts'
import type { ConsentNote, ReceiptFacts } from '../../protocol/messages/receipt.ts'
import { customerSentences } from '../window/sentences.ts'
import { Html, html } from './html.ts'
import { PAGE_STYLE } from './page-style.ts'

/** The readable receipt, and what its file is called. */
export interface ReceiptSheet {
  readonly page: ReceiptPage
  readonly fileName: string
}

/**
 * One page that needs no network, no script and no program but a browser. Nothing in it could run: the policy in its
 * head forbids it, beside the escaping.
 */
export function receiptSheet(
  facts: ReceiptFacts,
  language: Language,
  timeZone = ownTimeZone(),
): ReceiptSheet {
  const text = customerSentences(language)
  const times = new Times(language, timeZone)
  const before = html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${text('receipt.title')} ${times.day(facts.startedAtMs)}</title>
<style>${new Html(PAGE_STYLE)}</style>
</head>
<body>
`
  const after = html`
<main>
<h1>${text('receipt.title')}</h1>
<p>${text('receipt.what', { operatorName: facts.operatorName })}</p>
${essentials(facts, text, times)}
${happenings(facts, text, times)}
${recording(facts, text, times)}
${questions(facts, text)}
${genuineness(facts, text, timeZone)}
</main>
</body>
</html>
`
  return {
    page: { before: before.text, after: after.text },
    fileName: text('receipt.fileName', { time: times.forFileName(facts.startedAtMs) }),
  }
}

/** The levels that were granted at any time, lowest first. */
export function grantedLevels(consent: readonly ConsentNote[]) {
  return LEVELS.filter((level) =>
    consent.some(({ event, subject }) => event === 'granted' && subject === level),
  )
}

function essentials(facts: ReceiptFacts, text: TFunction, times: Times): Html {
  const { expert, consent, control, ended } = facts
  const granted = grantedLevels(consent).map((level) => text(`receipt.subject.${level}`))
  return html`<h2>${text('receipt.essentials')}</h2>
<dl>
${fact(text('receipt.when'), times.day(facts.startedAtMs))}
${fact(text('receipt.fromTo'), text('receipt.span', { from: times.clock(facts.startedAtMs), to: times.clock(facts.endedAtMs) }))}
${fact(text('receipt.who'), [expert.name, expert.team].filter((part) => part !== '').join(' · '))}
${fact(text('receipt.operator'), facts.operatorName)}
${fact(text('receipt.granted'), granted.length === 0 ? text('receipt.nothing') : granted.join(', '))}
${fact(text('receipt.held'), times.span(control.expertHeldMs, text))}
${fact(text('receipt.takeOvers'), text('receipt.times', { count: control.takeOvers }))}
${fact(text('receipt.files'), text('receipt.none'))}
${fact(text('receipt.elevations'), text('receipt.none'))}
${fact(text('receipt.end'), text(`receipt.endedBy.${ended.by ?? 'nobody'}`))}
</dl>
<p>${text(`ended.${ended.reason}`)}</p>`
}

function happenings({ consent, expert }: ReceiptFacts, text: TFunction, times: Times): Html {
  const lines = consent.map(({ atMs, event, subject }) => {
    const what = text(`receipt.subject.${subject}`)
    return html`<li><time>${times.clock(atMs)}</time><span>${text(`receipt.event.${event}`, { what, name: expert.name })}</span></li>
`
  })
  return html`<h2>${text('receipt.asked')}</h2>
<ol>
${lines}</ol>`
}

function recording(facts: ReceiptFacts, text: TFunction, times: Times): Html {
  const { acknowledged, entries, head } = facts.recording
  const { days, untilMs } = facts.retention
  const until = times.day(untilMs)
  return html`<h2>${text('receipt.recording')}</h2>
<p>${text(acknowledged ? 'receipt.recorded' : 'receipt.notRecorded', { count: days, date: until })}</p>
${acknowledged ? html`<p>${text('endedScreen.recordedWhat')}</p>` : html``}
<dl>
${fact(text('receipt.number'), html`<code>${facts.sessionId}</code>`)}
${fact(text('receipt.entries'), String(entries))}
${fact(text('receipt.head'), html`<code>${head}</code>`)}
${acknowledged ? fact(text('receipt.until'), until) : html``}
</dl>`
}

function questions({ operatorName, contact, sessionId }: ReceiptFacts, text: TFunction): Html {
  return html`<h2>${text('receipt.questions')}</h2>
<div class="ask">
<p>${text('receipt.object', { operatorName })}</p>
${
  contact === undefined
    ? html``
    : html`<p><strong>${contact}</strong></p>
`
}<p>${text('receipt.sayNumber')} <code>${sessionId}</code></p>
</div>`
}

function genuineness({ service }: ReceiptFacts, text: TFunction, timeZone: string): Html {
  return html`<h2>${text('receipt.genuine')}</h2>
<p>${text('receipt.signed')}</p>
<p class="with">${text('receipt.countersigned', { service })}</p>
<p class="without">${text('receipt.notCountersigned', { service })}</p>
<p>${text('receipt.verify')}</p>
<p><code>npm run verify -- ${text('receipt.thisFile')}</code><br><code>python3 docs/verify.py ${text('receipt.thisFile')}</code></p>
<p>${text('receipt.clock', { timeZone })}</p>`
}

function fact(name: string, value: string | Html): Html {
  return html`<dt>${name}</dt><dd>${value}</dd>`
}

const ownTimeZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone

/** Times as people of this language write them, in one time zone. */
class Times {
  readonly #locale: string
  readonly #timeZone: string

  constructor(language: Language, timeZone: string) {
    this.#locale = language === 'de' ? 'de-DE' : 'en-GB'
    this.#timeZone = timeZone
  }

  day(atMs: number): string {
    return this.#format({ dateStyle: 'full' }, atMs)
  }

  clock(atMs: number): string {
    return this.#format({ timeStyle: 'medium' }, atMs)
  }

  span(ms: number, text: TFunction): string {
    const [minutes, seconds] = [Math.floor(ms / 60_000), Math.floor((ms % 60_000) / 1_000)]
    return text('receipt.minutesSeconds', { minutes, seconds })
  }

  /** 2026-06-01-1405: no sign that a file system refuses. */
  forFileName(atMs: number): string {
    const format = { dateStyle: 'short', timeStyle: 'short', timeZone: this.#timeZone } as const
    return new Intl.DateTimeFormat('sv-SE', format)
      .format(atMs)
      .replace(' ', '-')
      .replace(/[^\d-]/g, '')
  }

  #format(style: Intl.DateTimeFormatOptions, atMs: number): string {
    return new Intl.DateTimeFormat(this.#locale, { ...style, timeZone: this.#timeZone }).format(atMs)
  }
}
