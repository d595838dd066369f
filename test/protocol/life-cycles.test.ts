import fc from 'fast-check'
import t from 'tap'
import {
  type CustomerEvent,
  type CustomerSession,
  stepCustomerSession,
} from '../../protocol/customer-session.ts'
import {
  type ExpertEvent,
  type ExpertSessionState,
  stepExpertSession,
} from '../../protocol/expert-session.ts'
import { SHUTDOWN_STEPS, type Shutdown, stepShutdown } from '../../protocol/shutdown.ts'

const customerEvents: CustomerEvent[] = [
  { t: 'number-entered' },
  { t: 'refused', problem: 'number-used' },
  { t: 'joined' },
  { t: 'proved' },
  { t: 'view-granted' },
  { t: 'prepared' },
  { t: 'linked' },
  { t: 'line-lost' },
  { t: 'ended', reason: 'customer-ended', by: 'customer' },
]

t.test(
  '[C1] no order of events leads to sharing without number, proof, grant and preparation before it',
  async (_t) => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...customerEvents), { maxLength: 60 }), (events) => {
        let state: CustomerSession = { phase: 'entering-number' }
        let passed: string[] = []
        for (const event of events) {
          const next = stepCustomerSession(state, event)
          if (!next) continue
          if (next.phase === 'entering-number') passed = []
          passed.push(event.t)
          state = next
          if (state.phase !== 'sharing') continue
          const order = ['number-entered', 'joined', 'proved', 'view-granted', 'prepared', 'linked'].map(
            (name) => passed.indexOf(name),
          )
          if (order.some((at, index) => at < 0 || (index > 0 && at < order[index - 1]!))) return false
        }
        return true
      }),
      { numRuns: 2000 },
    )
  },
)

t.test('[N5] an ended session never comes back to life', async (t) => {
  const ended: CustomerSession = { phase: 'ended', reason: 'declined', by: 'customer' }
  for (const event of customerEvents) t.equal(stepCustomerSession(ended, event), null, event.t)
})

t.test(
  '[N3] an expert gets a fresh number from idle, waiting and ended, and in no other phase',
  async (t) => {
    const may = (state: ExpertSessionState) => stepExpertSession(state, { t: 'new-session' }) !== null
    t.ok(may({ phase: 'idle' }))
    t.ok(may({ phase: 'waiting', number: '1', expiresAtMs: 0 }))
    t.ok(may({ phase: 'ended', reason: 'wrong-number', by: null }))
    t.notOk(may({ phase: 'proving' }))
    t.notOk(may({ phase: 'watching', line: 'up' }))
    const joined: ExpertEvent = { t: 'customer-joined' }
    t.equal(
      stepExpertSession({ phase: 'watching', line: 'up' }, joined),
      null,
      'nobody joins a running session',
    )
  },
)

t.test('[C5] a shutdown takes every step once, in order, whatever fails', async (t) => {
  fc.assert(
    fc.property(fc.infiniteStream(fc.boolean()), (outcomes) => {
      let state: Shutdown = stepShutdown({ phase: 'running' }, { t: 'stop' })
      const taken: string[] = []
      while (state.phase === 'stopping') {
        const { step } = state
        taken.push(step)
        const isDone = outcomes.next().value
        state = stepShutdown(state, { t: isDone ? 'done' : 'failed', step })
        state = stepShutdown(state, { t: 'failed', step })
        state = stepShutdown(state, { t: 'stop' })
      }
      return taken.join() === SHUTDOWN_STEPS.join()
    }),
  )
  t.equal(SHUTDOWN_STEPS[0], 'stop-input')
})
