import fc from 'fast-check'
import t from 'tap'
import {
  ASK_LIFETIME_MS,
  type Consent,
  type ConsentInput,
  consentDueAtMs,
  INERT_MS,
  NO_CONSENT,
  stepConsent,
} from '../../protocol/consent.ts'
import type { Level } from '../../protocol/level.ts'

const ALL: readonly Level[] = ['view', 'control', 'admin']

function after(inputs: readonly ConsentInput[], allowed = ALL): Consent {
  return inputs.reduce((consent, input) => {
    const step = stepConsent(consent, input, allowed)
    return 'refused' in step ? consent : step.consent
  }, NO_CONSENT)
}

const ask = (level: Level, atMs = 0): ConsentInput => ({ t: 'ask', level, atMs })
const answer = (
  level: Level,
  isGranted: boolean,
  atMs: number,
  ownPressAtMs: number | null = atMs,
): ConsentInput => ({
  t: 'answer',
  level,
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
  t.same(declined, viewing)
})

t.test('[C2] an ask expires after 60 s as declined', async (t) => {
  const asked = after([ask('view', 5)])
  t.equal(consentDueAtMs(asked), 5 + ASK_LIFETIME_MS)
  const step = stepConsent(asked, { t: 'tick', atMs: 5 + ASK_LIFETIME_MS }, ALL)
  t.same(step, { consent: NO_CONSENT, happened: [{ event: 'expired', level: 'view' }] })
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

t.test('[C7] whatever changes consent is reported, and nothing else is', async (_t) => {
  const level = fc.constantFrom<Level>('view', 'control', 'admin')
  const input: fc.Arbitrary<ConsentInput> = fc.oneof(
    fc.record({ t: fc.constant('ask' as const), level, atMs: fc.nat(200_000) }),
    fc.record({
      t: fc.constant('answer' as const),
      level,
      isGranted: fc.boolean(),
      atMs: fc.nat(200_000),
      ownPressAtMs: fc.option(fc.nat(200_000)),
    }),
    fc.record({ t: fc.constant('withdraw' as const), level, atMs: fc.nat(200_000) }),
    fc.record({ t: fc.constant('tick' as const), atMs: fc.nat(200_000) }),
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
