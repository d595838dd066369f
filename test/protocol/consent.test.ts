import fc from 'fast-check'
import t from 'tap'
import {
  ASK_LIFETIME_MS,
  askableLevels,
  type Consent,
  type ConsentInput,
  consentDueAtMs,
  GO_ON_AFTER_MS,
  GO_ON_LIFETIME_MS,
  INERT_MS,
  NO_CONSENT,
  QUIET_MS,
  stepConsent,
} from '../../protocol/consent.ts'
import type { Level, Subject } from '../../protocol/level.ts'

const ALL: readonly Level[] = ['view', 'control', 'admin']

function after(inputs: readonly ConsentInput[], allowed = ALL): Consent {
  return inputs.reduce((consent, input) => {
    const step = stepConsent(consent, input, allowed)
    return 'refused' in step ? consent : step.consent
  }, NO_CONSENT)
}

const ask = (level: Level, atMs = 0): ConsentInput => ({ t: 'ask', level, atMs })
const answer = (
  subject: Subject,
  isGranted: boolean,
  atMs: number,
  ownPressAtMs: number | null = atMs,
): ConsentInput => ({
  t: 'answer',
  subject,
  isGranted,
  atMs,
  ownPressAtMs,
})

t.test('[C2] levels are granted one by one, and declining changes nothing', async (t) => {
  t.same(after([ask('control')]), NO_CONSENT, 'control is not asked before view is granted')
  const viewing = after([ask('view'), answer('view', true, 1000)])
  t.equal(viewing.granted, 'view')
  const declined = after([
    ask('view'),
    answer('view', true, 1000),
    ask('control', 2000),
    answer('control', false, 3000),
  ])
  t.same(declined, { ...viewing, quietUntilMs: 3000 + QUIET_MS })
})

t.test('[C2] an ask expires after 60 s as declined', async (t) => {
  const asked = after([ask('view', 5)])
  t.equal(consentDueAtMs(asked), 5 + ASK_LIFETIME_MS)
  const step = stepConsent(asked, { t: 'tick', atMs: 5 + ASK_LIFETIME_MS }, ALL)
  t.match(step, {
    consent: { granted: null, question: null },
    happened: [{ event: 'expired', subject: 'view' }],
  })
  t.same(stepConsent(asked, answer('view', true, 5 + ASK_LIFETIME_MS), ALL), { refused: 'wrong-state' })
})

t.test('[C4] a grant counts only after 700 ms and with a press of the customer’s own hand', async (t) => {
  const asked = after([ask('view')])
  const refused = { refused: 'answer-not-by-hand' }
  t.same(stepConsent(asked, answer('view', true, INERT_MS - 1), ALL), refused)
  t.same(
    stepConsent(asked, answer('view', true, INERT_MS + 100, INERT_MS - 1), ALL),
    refused,
    'pressed too early',
  )
  t.same(stepConsent(asked, answer('view', true, 30_000, 20_000), ALL), refused, 'pressed long ago')
  t.same(
    stepConsent(asked, answer('view', true, 1000, Number.NEGATIVE_INFINITY), ALL),
    refused,
    'never pressed',
  )
  t.match(stepConsent(asked, answer('view', true, INERT_MS, null), ALL), { consent: { granted: 'view' } })
  t.match(stepConsent(asked, answer('view', false, 1, Number.NEGATIVE_INFINITY), ALL), {
    happened: [{ event: 'declined' }],
  })
})

t.test('[C6] a setting of the service narrows what can be asked', async (t) => {
  const viewing = [ask('view'), answer('view', true, 1000)]
  t.same(after([...viewing, ask('control', 2000)], ['view']).question, null)
})

t.test(
  '[C8] after 30 minutes the customer is asked whether to go on; no answer within 2 minutes is told',
  async (t) => {
    const viewing = after([ask('view'), answer('view', true, 1000)])
    t.equal(consentDueAtMs(viewing), 1000 + GO_ON_AFTER_MS)
    const dueMs = 1000 + GO_ON_AFTER_MS
    const asked = stepConsent(viewing, { t: 'tick', atMs: dueMs }, ALL)
    t.match(asked, { consent: { granted: 'view' }, happened: [{ event: 'asked', subject: 'go-on' }] })
    if ('refused' in asked) return
    t.same(
      stepConsent(asked.consent, ask('control', dueMs + 1), ALL),
      { refused: 'wrong-state' },
      'nothing else is asked',
    )
    t.equal(consentDueAtMs(asked.consent), dueMs + GO_ON_LIFETIME_MS)
    const goesOn = stepConsent(asked.consent, answer('go-on', true, dueMs + 5000), ALL)
    t.match(goesOn, { consent: { granted: 'view', question: null, agreedAtMs: dueMs + 5000 } })
    t.match(stepConsent(asked.consent, answer('go-on', true, dueMs + 5000, 0), ALL), {
      refused: 'answer-not-by-hand',
    })
    const silent = stepConsent(asked.consent, { t: 'tick', atMs: dueMs + GO_ON_LIFETIME_MS }, ALL)
    t.match(silent, { happened: [{ event: 'expired', subject: 'go-on' }] })
  },
)

t.test('[C8] a question that stands at that time is answered first', async (t) => {
  const dueMs = 1000 + GO_ON_AFTER_MS
  const asked = after([ask('view'), answer('view', true, 1000), ask('control', dueMs - 5)])
  t.equal(consentDueAtMs(asked), dueMs - 5 + ASK_LIFETIME_MS)
  t.equal(
    consentDueAtMs(
      after([
        ask('view'),
        answer('view', true, 1000),
        ask('control', dueMs - 5),
        answer('control', true, dueMs + 9000),
      ]),
    ),
    dueMs,
  )
})

t.test(
  '[C5] [S4] a level ends with those above it, and a question that built on it is off the screen',
  async (t) => {
    const steering = [
      ask('view'),
      answer('view', true, 1000),
      ask('control', 2000),
      answer('control', true, 3000),
    ]
    const end = (level: Level): ConsentInput => ({ t: 'end-level', level, how: 'withdrawn', atMs: 5000 })
    t.match(after([...steering, end('control')]), { granted: 'view', question: null })
    t.match(after([...steering, ask('admin', 4000), end('control')]), { granted: 'view', question: null })
    t.same(stepConsent(after(steering), end('admin'), ALL), { refused: 'wrong-state' })
    const lapsed = stepConsent(
      after(steering),
      { t: 'end-level', level: 'control', how: 'lapsed', atMs: 9 },
      ALL,
    )
    t.match(lapsed, { happened: [{ event: 'lapsed', subject: 'control' }] })
  },
)

t.test('[C2] whoever said no is left in peace for a while', async (t) => {
  const declined = after([
    ask('view'),
    answer('view', true, 1000),
    ask('control', 2000),
    answer('control', false, 3000),
  ])
  t.same(stepConsent(declined, ask('control', 3000 + QUIET_MS - 1), ALL), { refused: 'slow-down' })
  t.same(askableLevels(declined, ALL, 3001), [])
  t.same(askableLevels(declined, ALL, 3000 + QUIET_MS), ['control'])
})

t.test('[C7] whatever changes consent is reported, and nothing else is', async (_t) => {
  const level = fc.constantFrom<Level>('view', 'control', 'admin')
  const subject = fc.constantFrom<Subject>('view', 'control', 'admin', 'go-on')
  const atMs = fc.nat(5_000_000)
  const input: fc.Arbitrary<ConsentInput> = fc.oneof(
    fc.record({ t: fc.constant('ask' as const), level, atMs }),
    fc.record({
      t: fc.constant('answer' as const),
      subject,
      isGranted: fc.boolean(),
      atMs,
      ownPressAtMs: fc.option(atMs),
    }),
    fc.record({
      t: fc.constant('end-level' as const),
      level,
      how: fc.constantFrom('withdrawn' as const, 'returned' as const, 'lapsed' as const),
      atMs,
    }),
    fc.record({ t: fc.constant('tick' as const), atMs }),
  )
  fc.assert(
    fc.property(fc.array(input, { maxLength: 40 }), (inputs) => {
      let consent: Consent = NO_CONSENT
      for (const one of inputs) {
        const step = stepConsent(consent, one, ALL)
        if ('refused' in step) continue
        const isRaised = step.consent.granted !== consent.granted && one.t === 'answer'
        if (isRaised && !step.happened.some(({ event }) => event === 'granted')) return false
        const hasChanged = JSON.stringify(step.consent) !== JSON.stringify(consent)
        if (hasChanged !== step.happened.length > 0) return false
        // Nothing but a granted answer to the standing question ever raises the level.
        if (
          ALL.indexOf(step.consent.granted as Level) > ALL.indexOf(consent.granted as Level) &&
          one.t !== 'answer'
        )
          return false
        consent = step.consent
      }
      return true
    }),
  )
})
