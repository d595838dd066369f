import t from 'tap'
import { nextDeadlineMs, type Session, type SessionEvent, transition } from '../../signaling/session/life.ts'

const TERMS = { sessionId: 'S'.repeat(22), graceMs: 60_000 }
const UP = { up: true } as const
const down = (sinceMs: number) => ({ up: false, sinceMs }) as const
const LEASE = { key: 'K'.repeat(43), epoch: 7 }

const waiting: Session = { phase: 'waiting', expiresAtMs: 600_000, expert: UP }
const paired: Session = { phase: 'paired', expert: UP, customer: UP, recorder: LEASE, hadRecorder: true }
const over: Session = { phase: 'ended', reason: 'expert-ended', by: 'expert' }

/** `to: what it says`, shortened. */
function told(session: Session, event: SessionEvent): string[] | string {
  const step = transition(session, event, TERMS)
  if (typeof step === 'string') return step
  return step.news.map(({ to, message }) => {
    switch (message.t) {
      case 'peer':
        return `${to}: ${message.role} ${message.presence}`
      case 'recorder.assigned':
        return `${to}: recorder ${message.recorder?.epoch ?? 'none'}`
      case 'session.ended':
        return `${to}: ended ${message.reason} by ${message.by}`
      default:
        return `${to}: ${message.t}`
    }
  })
}

function becomes(session: Session, event: SessionEvent): Session | string {
  const step = transition(session, event, TERMS)
  return typeof step === 'string' ? step : step.session
}

t.test('[N3] joining pairs a waiting session, once', async (t) => {
  const joined = { type: 'joined', recorder: LEASE } as const
  t.same(becomes(waiting, joined), paired)
  t.same(told(waiting, joined), ['expert: customer joined', 'expert: recorder joined'])
  t.same(told(waiting, { type: 'joined', recorder: null }), ['expert: customer joined'])
  t.same(told({ ...waiting, expert: down(5) }, joined), [
    'expert: customer joined',
    'expert: recorder joined',
    'customer: expert lost',
  ])
  t.equal(told(paired, joined), 'number-used')
  t.equal(told(over, joined), 'session-over')
})

t.test('[S4] a lost line is told at once, and ends the session only after the grace', async (t) => {
  t.same(told(paired, { type: 'lost', role: 'customer', atMs: 10 }), ['expert: customer lost'])
  t.same(told(paired, { type: 'lost', role: 'expert', atMs: 10 }), ['customer: expert lost'])
  t.same(told(waiting, { type: 'lost', role: 'expert', atMs: 10 }), [])
  const alone = { ...paired, customer: down(10) }
  t.same(told(alone, { type: 'time', nowMs: 60_009 }), [])
  t.same(told(alone, { type: 'time', nowMs: 60_010 }), [
    'expert: ended line-lost by null',
    'customer: ended line-lost by null',
  ])
  t.same(told(alone, { type: 'back', role: 'customer' }), ['expert: customer back'])
  t.same(becomes(alone, { type: 'back', role: 'customer' }), paired)
  t.same(becomes({ ...waiting, expert: down(10) }, { type: 'back', role: 'expert' }), waiting)
  t.equal(told(waiting, { type: 'back', role: 'customer' }), 'wrong-state')
  t.equal(told(over, { type: 'back', role: 'expert' }), 'session-over')
  t.match(becomes({ ...waiting, expert: down(10) }, { type: 'time', nowMs: 60_010 }), {
    phase: 'ended',
    reason: 'line-lost',
  })
})

t.test('[N3] a number that waits ends with its time', async (t) => {
  t.same(becomes(waiting, { type: 'time', nowMs: 599_999 }), waiting)
  t.match(becomes(waiting, { type: 'time', nowMs: 600_000 }), { phase: 'ended', reason: 'number-expired' })
  t.same(told(waiting, { type: 'time', nowMs: 600_000 })[0], 'expert: ended number-expired by null')
})

t.test('[T4] both people are told of the recorder', async (t) => {
  const without: Session = { ...paired, recorder: null, hadRecorder: false }
  t.same(told(without, { type: 'recorder', lease: LEASE }), [
    'expert: recorder joined',
    'customer: recorder 7',
  ])
  t.same(told(paired, { type: 'recorder', lease: null }), [
    'expert: recorder lost',
    'customer: recorder none',
  ])
  const lost = becomes(paired, { type: 'recorder', lease: null }) as Session
  t.same(told(lost, { type: 'recorder', lease: { ...LEASE, epoch: 8 } }), [
    'expert: recorder back',
    'customer: recorder 8',
  ])
  t.same(told(lost, { type: 'recorder', lease: null }), [])
  t.equal(told(waiting, { type: 'recorder', lease: LEASE }), 'wrong-state')
})

t.test('the end is told to all but the one who ended', async (t) => {
  const end = { type: 'end', reason: 'customer-ended', by: 'customer' } as const
  t.same(told(paired, end), ['expert: ended customer-ended by customer'])
  t.same(told(paired, { ...end, by: 'expert' }), ['customer: ended customer-ended by expert'])
  t.equal((told(paired, { ...end, by: null }) as string[]).length, 2)
  t.same(told(over, end), [], 'an end is the end')
  t.same(becomes(over, { type: 'lost', role: 'expert', atMs: 1 }), over)
})

t.test('the next deadline is the nearest', async (t) => {
  t.equal(nextDeadlineMs(waiting, 60_000), 600_000)
  t.equal(nextDeadlineMs({ ...waiting, expert: down(1000) }, 60_000), 61_000)
  t.equal(nextDeadlineMs({ ...waiting, expert: down(590_000) }, 60_000), 600_000)
  t.equal(nextDeadlineMs(paired, 60_000), null)
  t.equal(nextDeadlineMs({ ...paired, expert: down(9), customer: down(5) }, 60_000), 60_005)
  t.equal(nextDeadlineMs(over, 60_000), null)
})
