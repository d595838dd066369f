import fc from 'fast-check'
import t from 'tap'
import {
  ANSWER_WITHIN_MS,
  type Auditor,
  isFault,
  mayRead,
  OPEN_FOR_MS,
  REQUEST_KINDS,
  type RecordingRequest,
  type RequestEvent,
  stepRequest,
} from '../../protocol/recording-request.ts'

const ANNA: Auditor = { id: 'anna', name: 'Anna' }
const BODO: Auditor = { id: 'bodo', name: 'Bodo' }
const CARLA: Auditor = { id: 'carla', name: 'Carla' }

function asked(given: Partial<RecordingRequest> = {}): RecordingRequest {
  return {
    id: 'r',
    sessionId: 's',
    kind: 'open',
    reason: 'the customer complained',
    caseNumber: '7',
    askedBy: ANNA,
    askedAtMs: 1_000,
    untilMs: null,
    state: 'asked',
    ...given,
  } as RecordingRequest
}

function after(request: RecordingRequest, ...events: RequestEvent[]): RecordingRequest {
  return events.reduce((now, event) => {
    const next = stepRequest(now, event)
    if (isFault(next)) throw new Error(`${event.t} was refused: ${next}`)
    return next
  }, request)
}

t.test('[R7] nobody approves or declines what they asked for themselves', async (t) => {
  t.equal(stepRequest(asked(), { t: 'approve', by: ANNA, atMs: 2_000 }), 'own-request')
  t.equal(stepRequest(asked(), { t: 'decline', by: ANNA, atMs: 2_000 }), 'own-request')
  t.match(after(asked(), { t: 'approve', by: BODO, atMs: 2_000 }), {
    state: 'approved',
    decidedBy: BODO,
    endsAtMs: 2_000 + OPEN_FOR_MS,
  })
})

t.test('[R7] only the two who agreed may read, and only while its time runs', async (t) => {
  const open = after(asked(), { t: 'approve', by: BODO, atMs: 2_000 })
  t.same(
    [ANNA, BODO, CARLA].map(({ id }) => mayRead(open, id, 3_000)),
    [true, true, false],
  )
  t.equal(mayRead(open, ANNA.id, 2_000 + OPEN_FOR_MS - 1), true)
  t.equal(mayRead(open, ANNA.id, 2_000 + OPEN_FOR_MS), false)
  t.equal(mayRead(asked(), ANNA.id, 2_000), false)
  const closed = after(open, { t: 'close', by: BODO, atMs: 4_000 })
  t.equal(mayRead(closed, ANNA.id, 4_001), false)
  t.match(closed, { state: 'over', because: 'done' })
})

t.test('[R7] a hold opens nothing, and ends on its date', async (t) => {
  const hold = after(asked({ kind: 'hold', untilMs: 9_000_000 }), { t: 'approve', by: BODO, atMs: 2_000 })
  t.equal(mayRead(hold, ANNA.id, 3_000), false)
  t.match(after(hold, { t: 'time', atMs: 8_999_999 }), { state: 'approved' })
  t.match(after(hold, { t: 'time', atMs: 9_000_000 }), {
    state: 'over',
    because: 'time',
    overAtMs: 9_000_000,
  })
})

t.test('[R7] what nobody decided on in a week is over before somebody can', async (t) => {
  const late = { t: 'approve', by: BODO, atMs: 1_000 + ANSWER_WITHIN_MS } as const
  t.equal(stepRequest(asked(), late), 'wrong-state')
  t.match(after(asked(), { t: 'time', atMs: late.atMs }), { state: 'over', because: 'unanswered' })
})

t.test('only who asked can withdraw; only the two can close', async (t) => {
  t.equal(stepRequest(asked(), { t: 'withdraw', by: BODO, atMs: 2_000 }), 'not-theirs')
  t.match(after(asked(), { t: 'withdraw', by: ANNA, atMs: 2_000 }), { because: 'withdrawn' })
  const open = after(asked(), { t: 'approve', by: BODO, atMs: 2_000 })
  t.equal(stepRequest(open, { t: 'close', by: CARLA, atMs: 3_000 }), 'not-theirs')
})

t.test('[R7] on no path does one person alone get to read, or anyone after the end', async (t) => {
  const people = fc.constantFrom(ANNA, BODO, CARLA)
  const acts = fc.constantFrom('approve', 'decline', 'withdraw', 'close', 'time')
  const moves = fc.array(
    fc.record({ act: acts, by: people, waitMs: fc.integer({ min: 0, max: OPEN_FOR_MS }) }),
  )
  fc.assert(
    fc.property(fc.constantFrom(...REQUEST_KINDS), moves, (kind, walk) => {
      let request = asked({ kind, untilMs: kind === 'hold' ? 1_000 + 3 * OPEN_FOR_MS : null })
      let atMs = request.askedAtMs
      let wasOver = false
      for (const { act, by, waitMs } of walk) {
        atMs += waitMs
        const event: RequestEvent = act === 'time' ? { t: act, atMs } : { t: act, by, atMs }
        const next = stepRequest(request, event)
        if (!isFault(next)) request = next
        for (const { id } of [ANNA, BODO, CARLA]) {
          if (!mayRead(request, id, atMs)) continue
          if (request.state !== 'approved') throw new Error('read while not approved')
          if (request.decidedBy.id === request.askedBy.id) throw new Error('one person alone')
          if (wasOver || kind === 'hold' || atMs >= request.endsAtMs) throw new Error('read after the end')
        }
        wasOver ||= request.state === 'over'
        if (wasOver && request.state !== 'over') throw new Error('came back')
      }
    }),
    { seed: 20_301_128, numRuns: 500 },
  )
  t.pass()
})
