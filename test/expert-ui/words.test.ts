import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { problemKey } from '../../expert-ui/words/problem.ts'
import de from '../../i18n/expert.de.json' with { type: 'json' }
import en from '../../i18n/expert.en.json' with { type: 'json' }
import { CUSTOMER_HOLDS_BECAUSE } from '../../protocol/control.ts'
import { END_REASONS } from '../../protocol/end-reason.ts'
import { CLIPBOARD_REFUSALS } from '../../protocol/messages/clipboard.ts'
import { PICTURE_REASONS } from '../../protocol/messages/control-channel.ts'
import { REFUSAL_CODES } from '../../protocol/refusals.ts'

function flat(tree: object, prefix = ''): Map<string, string> {
  const sentences = new Map<string, string>()
  for (const [key, value] of Object.entries(tree)) {
    if (typeof value === 'string') sentences.set(prefix + key, value)
    else for (const [inner, sentence] of flat(value, `${prefix}${key}.`)) sentences.set(inner, sentence)
  }
  return sentences
}

const german = flat(de)
const english = flat(en)
const gapsIn = (sentence: string) => [...sentence.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name).sort()

t.test('German and English say the same things with the same gaps', (t) => {
  t.same([...german.keys()], [...english.keys()])
  for (const [key, sentence] of german) {
    t.ok(sentence.trim(), `${key} is not empty`)
    t.same(gapsIn(sentence), gapsIn(english.get(key) ?? ''), `${key} has the same gaps`)
  }
  t.end()
})

t.test('every refusal, end and reason for a standing picture has its sentence', (t) => {
  const needed = [
    ...REFUSAL_CODES.map((code) => `refusal.${code}`),
    ...END_REASONS.map((reason) => `ended.${reason}`),
    ...PICTURE_REASONS.map((reason) => `picture.${reason}`),
    ...[...REFUSAL_CODES, ...END_REASONS].map(problemKey),
  ]
  for (const key of needed) for (const language of [german, english]) t.ok(language.has(key), key)
  t.equal(
    german.size - [...german.keys()].filter((key) => /^(refusal|ended|picture)\./.test(key)).length > 0,
    true,
  )
  t.same(
    [...german.keys()].filter((key) => /^(refusal|ended|picture)\./.test(key) && !needed.includes(key)),
    [],
    'and no sentence is for a code that does not exist',
  )
  t.end()
})

t.test('so has every question, every reason to hold and every refused text', (t) => {
  const needed = [
    ...['view', 'control', 'admin', 'go-on'].map((subject) => `question.${subject}`),
    ...CUSTOMER_HOLDS_BECAUSE.map((because) => `holder.${because}`),
    ...CLIPBOARD_REFUSALS.map((reason) => `clipboard.${reason}`),
  ]
  for (const key of needed) for (const language of [german, english]) t.ok(language.has(key), key)
  t.end()
})

t.test('a sentence says what happened and what to do: it is more than a word, and ends', (t) => {
  for (const language of [german, english]) {
    for (const [key, sentence] of language)
      if (/^(refusal|ended|picture)\./.test(key)) t.match(sentence, /^\p{Lu}.{30,}\.$/u, key)
  }
  t.end()
})

t.test('every sentence the pages name exists, and every one is used', (t) => {
  const root = fileURLToPath(new URL('../../expert-ui/', import.meta.url))
  const source = readdirSync(root, { encoding: 'utf8', recursive: true })
    .filter((file) => /\.(svelte|ts)$/.test(file) && !file.startsWith('session/'))
    .map((file) => readFileSync(root + file, 'utf8'))
    .join('\n')
  const named = new Set([...source.matchAll(/['"`]([a-z]+\.[a-z-]+)['"`]/g)].map(([, key]) => key!))
  const families = [...source.matchAll(/`([a-z]+\.(?:[a-z-]+-)?)\$\{/g)].map(([, family]) => family!)
  const prefixes = new Set([...german.keys()].map((key) => key.split('.')[0]))
  for (const key of named) {
    if (!prefixes.has(key.split('.')[0]!) || key.startsWith('lotse.')) continue
    t.ok(german.has(key) || german.has(`${key}_other`), `${key} exists`)
  }
  for (const key of german.keys()) {
    const plain = key.replace(/_(one|other)$/, '')
    t.ok(named.has(plain) || families.some((family) => key.startsWith(family)), `${key} is used`)
  }
  t.end()
})
