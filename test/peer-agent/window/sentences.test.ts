import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import de from '../../../i18n/customer.de.json' with { type: 'json' }
import en from '../../../i18n/customer.en.json' with { type: 'json' }
import { LANGUAGES } from '../../../i18n/translator.ts'
import { customerSentences, problemKey } from '../../../peer-agent/window/sentences.ts'
import { NUMBER_PROBLEMS } from '../../../peer-agent/window/view.ts'
import { CUSTOMER_HOLDS_BECAUSE } from '../../../protocol/control.ts'
import { END_REASONS } from '../../../protocol/end-reason.ts'
import { PICTURE_REASONS } from '../../../protocol/messages/control-channel.ts'
import { REFUSAL_CODES } from '../../../protocol/refusals.ts'

type Tree = { [key: string]: string | Tree }

function leaves(tree: Tree, path = ''): [string, string][] {
  return Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'string'
      ? [[`${path}${key}`, value] as [string, string]]
      : leaves(value, `${path}${key}.`),
  )
}

const sentences = { de: new Map(leaves(de)), en: new Map(leaves(en)) }
const LEVELS = ['view', 'control', 'admin']
const SUBJECTS = [...LEVELS, 'go-on']

t.test('both languages say the same things, with the same blanks', async (t) => {
  t.same([...sentences.de.keys()], [...sentences.en.keys()])
  const blanks = (text: string) => [...text.matchAll(/{{\w+}}/g)].map(String).sort()
  for (const [key, german] of sentences.de) t.same(blanks(german), blanks(sentences.en.get(key)!), key)
})

t.test('every code that can reach the customer has its sentence', async (t) => {
  const wanted = [
    ...REFUSAL_CODES.map((code) => `refusal.${code}`),
    ...END_REASONS.map((reason) => `ended.${reason}`),
    ...NUMBER_PROBLEMS.map((problem) => `numberProblem.${problem}`),
    ...PICTURE_REASONS.map((reason) => `picture.reason.${reason}`),
    ...SUBJECTS.flatMap((subject) =>
      ['', 'yes.', 'wants.', 'ready.'].map((part) => `question.${part}${subject}`),
    ),
    ...['no', 'timeUp', 'left_one', 'left_other'].flatMap((key) => [
      `question.${key}`,
      `question.goOn.${key}`,
    ]),
    ...LEVELS.flatMap((level) => [`sharing.level.${level}`, `watermark.${level}`]),
    ...['pointer', 'holds', 'hidden'].map((key) => `watermark.${key}`),
    ...['customer', 'expert'].map((holder) => `sharing.holder.${holder}`),
    ...CUSTOMER_HOLDS_BECAUSE.filter((because) => because !== 'hands').map(
      (because) => `sharing.holder.because.${because}`,
    ),
    ...['one', 'other'].map((count) => `sharing.holder.because.hands_${count}`),
    ...['control', 'admin'].map((level) => `sharing.withdraw.${level}`),
    ...['fromExpert', 'fromCustomer'].map((key) => `clipboard.${key}`),
  ]
  for (const key of wanted) t.ok(sentences.de.get(key), key)
  for (const problem of [...NUMBER_PROBLEMS, ...REFUSAL_CODES, ...END_REASONS])
    t.ok(sentences.de.has(problemKey(problem)), problem)
})

t.test('every key the window names is there', async (t) => {
  const folder = fileURLToPath(new URL('../../../peer-agent/window', import.meta.url))
  const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ts|svelte)$/.test(name))
    .map((name) => readFileSync(join(folder, name), 'utf8'))
  const named = sources.flatMap((source) =>
    [...source.matchAll(/(?:text|sentence)\(\s*'([\w.-]+)'/g)].map(([, key]) => key!),
  )
  t.ok(named.length > 20)
  for (const key of named) t.ok(sentences.en.has(key) || sentences.en.has(`${key}_other`), key)
})

t.test('no sentence where something is decided has more than 20 words', async (t) => {
  const values: Record<string, string> = {
    name: 'Anna-Maria Beispiel-Mustermann',
    team: 'Technik Nord',
    operatorName: 'Telekom Muster GmbH',
    count: '90',
    stopKeyName: 'F11',
  }
  const decisions = /^(number|numberProblem|question|refusal|ended|sharing|settings|clipboard|picture)\./
  for (const language of LANGUAGES) {
    for (const [key, text] of sentences[language]) {
      if (!decisions.test(key)) continue
      const filled = text.replace(/{{(\w+)}}/g, (_, blank: string) => values[blank] ?? 'etwas')
      for (const sentence of filled.split(/[.?!:…]+/)) {
        const words = sentence.split(/\s+/).filter((word) => /\p{L}|\d/u.test(word))
        t.ok(words.length <= 20, `${language} ${key}: ${words.length} words`)
      }
    }
  }
})

t.test('nothing on the customer’s screen shouts', async (t) => {
  for (const language of LANGUAGES)
    for (const [key, text] of sentences[language]) t.notMatch(text, '!', `${language} ${key}`)
})

t.test('names are never taken for markup or blanks', async (t) => {
  const name = '<b>{{count}}</b> & "$t(app.title)"'
  t.match(customerSentences('de')('picture.cardWhat', { name }).includes('<b>'), true)
  t.notMatch(customerSentences('de')('picture.cardWhat', { name }), 'Fernhilfe')
  t.equal(
    customerSentences('de')('question.recorded', { count: 1 }),
    'Das wird aufgezeichnet und nach 1\u00a0Tag gelöscht.',
  )
})
