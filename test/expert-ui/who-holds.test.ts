import t from 'tap'
import { pull } from '../../expert-ui/control/edge-scroll.ts'
import { CTRL_ALT_DEL, capOf, FUNCTION_KEYS, SPECIAL_KEYS } from '../../expert-ui/control/special-keys.ts'
import { whoHolds } from '../../expert-ui/control/who-holds.ts'
import de from '../../i18n/expert.de.json' with { type: 'json' }
import { STEERING, WATCHING, YIELDING } from './sample-watching.ts'

const customer = (because: string) => ({ holder: 'customer', because })

t.test('[K1] the expert steers only with all that it takes', (t) => {
  t.same(whoHolds(STEERING, true), { holder: 'expert' })
  t.same(whoHolds({ ...STEERING, level: 'admin' }, true), { holder: 'expert' })
  t.same(whoHolds({ ...STEERING, level: 'view' }, true), customer('not-granted'))
  t.same(whoHolds({ ...STEERING, level: null }, true), customer('not-granted'))
  t.same(whoHolds(WATCHING, true), customer('not-granted'))
  t.same(whoHolds({ ...STEERING, line: 'lost' }, true), customer('line'))
  t.same(whoHolds(STEERING, false), customer('picture'))
  t.same(whoHolds(YIELDING, true), customer('hands'))
  t.end()
})

t.test('[C3] while the customer is asked the expert holds nothing', (t) => {
  t.same(whoHolds({ ...STEERING, question: 'go-on' }, true), customer('question'))
  t.same(whoHolds({ ...YIELDING, question: 'admin' }, false), customer('question'))
  t.end()
})

t.test('[K2] every reason has its words', (t) => {
  for (const because of ['not-granted', 'line', 'question', 'picture', 'hands'] as const)
    t.ok(de.holder[because].startsWith('Kunde'), because)
  t.end()
})

t.test('every special key can be read', (t) => {
  const codes = [...SPECIAL_KEYS.flatMap(([, codes]) => codes), ...CTRL_ALT_DEL, ...FUNCTION_KEYS]
  for (const code of codes) {
    const cap = capOf(code)
    t.ok(cap === null ? /^F\d+$/.test(code) : cap in de.cap, code)
  }
  for (const [name] of SPECIAL_KEYS) t.ok(name in de.special, name)
  t.end()
})

t.test('the edge pulls the harder the nearer, and the middle not at all', (t) => {
  const at = (x: number) => pull(x, 100, 1100)
  t.equal(at(600), 0)
  t.equal(at(144), 0)
  t.equal(at(122), -0.5)
  t.equal(at(100), -1)
  t.equal(at(-50), -1)
  t.equal(at(1078), 0.5)
  t.equal(at(2000), 1)
  t.equal(pull(15, 0, 40), 0, 'a small room keeps a middle')
  t.end()
})
