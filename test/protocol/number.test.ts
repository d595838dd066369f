import fc from 'fast-check'
import t from 'tap'
import { dammDigit, dammIsValid } from '../../protocol/damm.ts'
import { drawSecret, formatNumber, numberDigits, parseNumber } from '../../protocol/number.ts'

const nameplate = fc.integer({ min: 3, max: 5 }).chain((length) => digits(length))
const secret = digits(6)

function digits(length: number): fc.Arbitrary<string> {
  return fc
    .array(fc.integer({ min: 0, max: 9 }), { minLength: length, maxLength: length })
    .map((all) => all.join(''))
}

t.test('[N1] a number is shown in blocks of three and read back in any spelling', async (t) => {
  t.equal(formatNumber({ nameplate: '123', secret: '456789' }), `123 456 789 ${dammDigit('123456789')}`)
  fc.assert(
    fc.property(nameplate, secret, fc.constantFrom('', ' ', '-', '.', ' – '), (plate, drawn, gap) => {
      const typed = numberDigits({ nameplate: plate, secret: drawn }).split('').join(gap)
      t.same(parseNumber(`  ${typed} `), { nameplate: plate, secret: drawn })
    }),
    { numRuns: 100 },
  )
  t.same(parseNumber('１２３'), 'number-too-short', 'full-width digits count as digits')
})

t.test('[N2] every single wrong digit and every swap of neighbours is refused', async (_t) => {
  fc.assert(
    fc.property(nameplate, secret, (plate, drawn) => {
      const right = numberDigits({ nameplate: plate, secret: drawn })
      for (let at = 0; at < right.length; at++) {
        for (let digit = 0; digit < 10; digit++) {
          const wrong = right.slice(0, at) + digit + right.slice(at + 1)
          if (wrong !== right && parseNumber(wrong) !== 'number-mistyped') return false
        }
        const swapped = right.slice(0, at) + (right[at + 1] ?? '') + right[at] + right.slice(at + 2)
        if (
          swapped.length === right.length &&
          swapped !== right &&
          parseNumber(swapped) !== 'number-mistyped'
        )
          return false
      }
      return dammIsValid(right)
    }),
  )
})

t.test('[N2] what is no number at all has its own sentence', async (t) => {
  t.equal(parseNumber(''), 'number-too-short')
  t.equal(parseNumber('12345'), 'number-too-short')
  t.equal(parseNumber('1234567890123'), 'number-too-long')
  t.equal(parseNumber('12a456789'), 'number-not-digits')
})

t.test('[N1] the secret is drawn without bias and keeps its leading zeros', async (t) => {
  t.equal(
    drawSecret(() => 7),
    '000007',
  )
  const values = [2 ** 32 - 1, 42]
  t.equal(
    drawSecret(() => values.shift()!),
    '000042',
    'values past the last whole million are thrown away',
  )
})
