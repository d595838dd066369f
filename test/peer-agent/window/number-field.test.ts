import fc from 'fast-check'
import t from 'tap'
import { backspace, grouped, hasForeignCharacters } from '../../../peer-agent/window/page/number-field.ts'
import { formatNumber, parseNumber } from '../../../protocol/number.ts'

/** The field with `|` for the caret. */
const at = (marked: string) => ({ text: marked.replace('|', ''), caret: marked.indexOf('|') })
const marked = ({ text, caret }: { text: string; caret: number }) =>
  `${text.slice(0, caret)}|${text.slice(caret)}`

t.test('digits stand in blocks of three while they are typed', async (t) => {
  let field = at('|')
  const seen: string[] = []
  for (const digit of '1234567890') {
    field = grouped(at(marked(field).replace('|', `${digit}|`)))
    seen.push(marked(field))
  }
  t.same(seen, [
    '1|',
    '12|',
    '123|',
    '123 4|',
    '123 45|',
    '123 456|',
    '123 456 7|',
    '123 456 78|',
    '123 456 789|',
    '123 456 789 0|',
  ])
})

t.test('the caret stays with the digit it stood behind', async (t) => {
  t.equal(marked(grouped(at('129|3 456'))), '129| 345 6')
  t.equal(marked(grouped(at('1239| 456'))), '123 9|45 6')
  t.equal(marked(grouped(at('|123'))), '|123')
})

t.test('backspace behind a space takes the digit before it', async (t) => {
  t.equal(marked(backspace(at('123 |456'))), '12|4 56')
  t.equal(marked(backspace(at('123 456 |7'))), '123 45|7')
  t.equal(marked(backspace(at(' |1'))), '|1')
})

t.test('pasted numbers are understood as people write them', async (t) => {
  for (const pasted of [
    '123-456-789-0',
    ' 123 456 789 0\n',
    '123.456.789.0',
    '(123) 456–7890',
    'Nummer: 1234567890',
  ])
    t.equal(grouped({ text: pasted, caret: pasted.length }).text, '123 456 789 0', pasted)
  t.equal(grouped({ text: '１２３４', caret: 4 }).text, '123 4', 'full-width digits')
  t.ok(hasForeignCharacters('12O'))
  t.notOk(hasForeignCharacters('123 456-789/0'))
})

t.test('grouping never loses, adds or moves a digit, and is done once', async () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[\d \-.]{0,16}$/), fc.nat(16), (text, caret) => {
      const before = { text, caret: Math.min(caret, text.length) }
      const after = grouped(before)
      const digits = text.replace(/\D/g, '').slice(0, 12)
      const left = before.text.slice(0, before.caret).replace(/\D/g, '').slice(0, 12)
      return (
        after.text.replaceAll(' ', '') === digits &&
        after.text.slice(0, after.caret).replaceAll(' ', '') === left &&
        grouped(after).text === after.text
      )
    }),
  )
})

t.test('[N1] a whole number looks as the expert reads it out', async () => {
  fc.assert(
    fc.property(fc.stringMatching(/^\d{3,5}$/), fc.stringMatching(/^\d{6}$/), (nameplate, secret) => {
      const shown = formatNumber({ nameplate, secret })
      const { text } = grouped({ text: shown.replaceAll(' ', ''), caret: 0 })
      const parsed = parseNumber(text)
      return text === shown && typeof parsed !== 'string' && parsed.secret === secret
    }),
  )
})
