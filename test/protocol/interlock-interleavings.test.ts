import fc from 'fast-check'
import t from 'tap'
import {
  FRESH_MS,
  type InterlockEvent,
  NO_RECORDER,
  picturePermission,
  stepInterlock,
} from '../../protocol/interlock.ts'

/** The rule told a second time, over the whole history and in true time, which no wall clock can distort. */
interface History {
  trueMs: number
  offsetMs: number
  epoch: number | null
  highestEpoch: number
  /** True where the recorder in charge spoke well last. */
  isWell: boolean
  /** True time at which the newest thing was sent that the recorder in charge has answered. */
  answeredMs: number
  sentBeats: number[]
  /** A beat that was answered once proves nothing a second time, least of all for another recorder. */
  answeredBeat: number
  appended: number[]
  acked: number
  captures: number[]
  covers: { seq: number; count: number }[]
}

type Move =
  | { t: 'wait'; ms: number }
  | { t: 'jump'; ms: number }
  | { t: 'assign'; up: number }
  | { t: 'beat' }
  | { t: 'append' }
  | { t: 'capture' }
  | { t: 'stills' }
  | { t: 'ack'; seqLag: number; beatLag: number; epochLag: number }
  | { t: 'trouble'; epochLag: number }

const move = (canJump: boolean): fc.Arbitrary<Move> =>
  fc.oneof(
    { weight: 6, arbitrary: fc.record({ t: fc.constant('wait' as const), ms: fc.nat(700) }) },
    { weight: 4, arbitrary: fc.constant({ t: 'beat' as const }) },
    { weight: 2, arbitrary: fc.constant({ t: 'append' as const }) },
    { weight: 3, arbitrary: fc.constant({ t: 'capture' as const }) },
    { weight: 2, arbitrary: fc.constant({ t: 'stills' as const }) },
    {
      weight: 8,
      arbitrary: fc.record({
        t: fc.constant('ack' as const),
        seqLag: fc.constantFrom(0, 0, 0, 0, 1, 2, -1),
        beatLag: fc.constantFrom(0, 0, 0, 1, 3, -1),
        epochLag: fc.constantFrom(0, 0, 0, 0, 1, -1),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ t: fc.constant('trouble' as const), epochLag: fc.constantFrom(0, 0, 1) }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ t: fc.constant('assign' as const), up: fc.constantFrom(1, 1, 0, -1, -9) }),
    },
    ...(canJump
      ? [
          {
            weight: 1,
            arbitrary: fc.record({
              t: fc.constant('jump' as const),
              ms: fc.oneof(fc.integer({ min: -9_000, max: -1_000 }), fc.integer({ min: 1_000, max: 9_000 })),
            }),
          },
        ]
      : []),
  )

function newHistory(): History {
  return {
    trueMs: 100_000,
    offsetMs: 0,
    epoch: null,
    highestEpoch: 0,
    isWell: false,
    answeredMs: Number.NEGATIVE_INFINITY,
    sentBeats: [],
    answeredBeat: 0,
    appended: [],
    acked: -1,
    captures: [],
    covers: [],
  }
}

/** Tells the history of a move and returns the event that the agent would see of it. */
function happen(history: History, move: Move): InterlockEvent {
  const nowMs = () => history.trueMs + history.offsetMs
  switch (move.t) {
    case 'wait':
      history.trueMs += move.ms
      return { t: 'tick', nowMs: nowMs() }
    case 'jump':
      history.offsetMs += move.ms
      return { t: 'tick', nowMs: nowMs() }
    case 'assign': {
      const epoch = move.up === -9 ? null : Math.max(1, history.highestEpoch + move.up)
      if (epoch === null) history.epoch = null
      else if (epoch >= history.highestEpoch && epoch !== history.epoch) {
        Object.assign(history, { epoch, highestEpoch: epoch, isWell: true })
        history.answeredMs = Number.NEGATIVE_INFINITY
      }
      return { t: 'assigned', epoch, nowMs: nowMs() }
    }
    case 'beat':
      history.sentBeats.push(history.trueMs)
      return { t: 'beat', beat: history.sentBeats.length, nowMs: nowMs() }
    case 'append':
      history.appended.push(history.trueMs)
      return { t: 'appended', seq: history.appended.length, nowMs: nowMs() }
    case 'capture':
      history.captures.push(history.trueMs)
      return { t: 'captured', capturedAtMs: nowMs(), nowMs: nowMs() }
    case 'stills': {
      // An entry that was appended before serves as the one that holds the stills.
      const seq = history.appended.length
      history.covers.push({ seq, count: history.captures.length })
      return { t: 'stills', seq, coversUntilMs: nowMs(), nowMs: nowMs() }
    }
    case 'ack': {
      const seq = Math.max(0, history.appended.length - move.seqLag)
      const beat = Math.max(0, history.sentBeats.length - move.beatLag)
      const epoch = Math.max(1, history.highestEpoch - move.epochLag)
      if (epoch === history.epoch) {
        const isLie = seq > history.appended.length || seq < history.acked || beat > history.sentBeats.length
        history.isWell = !isLie
        if (!isLie) {
          const entryMs = seq > Math.max(0, history.acked) ? history.appended[seq - 1]! : -Infinity
          const beatMs = beat > history.answeredBeat ? history.sentBeats[beat - 1]! : -Infinity
          history.answeredMs = Math.max(history.answeredMs, entryMs, beatMs)
          history.answeredBeat = Math.max(history.answeredBeat, beat)
          history.acked = seq
        }
      }
      return { t: 'ack', epoch, seq, beat, nowMs: nowMs() }
    }
    case 'trouble': {
      const epoch = Math.max(1, history.highestEpoch - move.epochLag)
      if (epoch === history.epoch) history.isWell = false
      return { t: 'trouble', epoch, reason: 'disk-full', nowMs: nowMs() }
    }
  }
}

function ruleAllows(history: History): boolean {
  const { trueMs } = history
  if (history.epoch === null || !history.isWell || trueMs - history.answeredMs >= FRESH_MS) return false
  const unacked = history.appended.slice(Math.max(0, history.acked))
  if (unacked.some((atMs) => trueMs - atMs >= FRESH_MS)) return false
  const covered = Math.max(0, ...history.covers.filter((c) => c.seq <= history.acked).map((c) => c.count))
  return !history.captures.slice(covered).some((atMs) => trueMs - atMs >= FRESH_MS)
}

/** Between two moves at least a millisecond passes: times are whole, and equal ones would hide an order. */
function play(moves: Move[], look: (permission: 'live' | 'frozen', allowed: boolean) => boolean): boolean {
  const history = newHistory()
  let state = NO_RECORDER
  for (const next of moves) {
    history.trueMs += 1
    state = stepInterlock(state, happen(history, next))
    const permission = picturePermission(state, history.trueMs + history.offsetMs)
    if (!look(permission.state, ruleAllows(history))) return false
    if (permission.state !== 'live') continue
    // The one timer: live until the very millisecond the rule says, and not longer.
    const before = { ...history, trueMs: permission.untilMs - history.offsetMs - 1 }
    if (!look(picturePermission(state, permission.untilMs - 1).state, ruleAllows(before))) return false
    const then = { ...history, trueMs: permission.untilMs - history.offsetMs }
    if (!look(picturePermission(state, permission.untilMs).state, ruleAllows(then))) return false
  }
  return true
}

t.test('[R1] with a steady clock the picture is live exactly when the rule allows it', async (t) => {
  let liveSeen = 0
  fc.assert(
    fc.property(fc.array(move(false), { minLength: 20, maxLength: 120 }), (moves) =>
      play(moves, (state, allowed) => {
        if (state === 'live') liveSeen++
        return (state === 'live') === allowed
      }),
    ),
    { numRuns: 1500, seed: 20_260_301 },
  )
  t.ok(liveSeen > 1_000, `live was seen ${liveSeen} times`)
})

t.test('[R1] with a clock that jumps no picture goes out against the rule', async (t) => {
  let liveSeen = 0
  fc.assert(
    fc.property(fc.array(move(true), { minLength: 20, maxLength: 120 }), (moves) =>
      play(moves, (state, allowed) => {
        if (state === 'live') liveSeen++
        return state === 'frozen' || allowed
      }),
    ),
    { numRuns: 1500, seed: 20_260_302 },
  )
  t.ok(liveSeen > 1_000, `live was seen ${liveSeen} times`)
})

t.test('[R1] a session whose recorder answers goes live again after anything', async () => {
  fc.assert(
    fc.property(fc.array(move(true), { maxLength: 80 }), (moves) => {
      const history = newHistory()
      let state = NO_RECORDER
      const heal: Move[] = [
        { t: 'assign', up: 1 },
        { t: 'append' },
        { t: 'stills' },
        { t: 'beat' },
        { t: 'ack', seqLag: 0, beatLag: 0, epochLag: 0 },
      ]
      for (const next of [...moves, ...heal]) {
        history.trueMs += 1
        state = stepInterlock(state, happen(history, next))
      }
      return picturePermission(state, history.trueMs + history.offsetMs).state === 'live'
    }),
    { numRuns: 1000, seed: 20_260_303 },
  )
})
