import t from 'tap'
import {
  FRESH_MS,
  type Interlock,
  type InterlockEvent,
  NO_RECORDER,
  picturePermission,
  stepInterlock,
} from '../../protocol/interlock.ts'

function after(...events: InterlockEvent[]): Interlock {
  return events.reduce(stepInterlock, NO_RECORDER)
}
const live: InterlockEvent[] = [
  { t: 'assigned', epoch: 3, nowMs: 10_000 },
  { t: 'beat', beat: 1, nowMs: 10_100 },
  { t: 'ack', epoch: 3, seq: 0, beat: 1, nowMs: 10_150 },
]

t.test('[R1] there is no picture before a recorder has answered', async (t) => {
  t.same(picturePermission(NO_RECORDER, 1), { state: 'frozen', reason: 'no-recorder' })
  t.same(picturePermission(after(live[0]!), 10_001), { state: 'frozen', reason: 'no-recorder' })
  const headerOnly = after(live[0]!, { t: 'ack', epoch: 3, seq: 0, beat: 0, nowMs: 10_050 })
  t.same(picturePermission(headerOnly, 10_060), { state: 'frozen', reason: 'no-recorder' })
})

t.test('[R1] an answer counts for 2 s from when its question was sent', async (t) => {
  const state = after(...live)
  t.same(picturePermission(state, 10_150), { state: 'live', untilMs: 10_100 + FRESH_MS })
  t.same(picturePermission(state, 12_099).state, 'live')
  t.same(picturePermission(state, 12_100), { state: 'frozen', reason: 'recorder-silent' })
})

t.test('[R1] an acknowledgement that was stuck on the line proves nothing', async (t) => {
  const late = after(live[0]!, live[1]!, { t: 'ack', epoch: 3, seq: 0, beat: 1, nowMs: 15_000 })
  t.same(picturePermission(late, 15_000), { state: 'frozen', reason: 'recorder-silent' })
})

t.test(
  '[R1] pixels count as unrecorded from their capture until their stills are acknowledged',
  async (t) => {
    const beats: InterlockEvent[] = [
      { t: 'captured', capturedAtMs: 10_190, nowMs: 10_200 },
      { t: 'appended', seq: 1, nowMs: 11_000 },
      { t: 'stills', seq: 1, coversUntilMs: 10_189, nowMs: 11_000 },
      { t: 'beat', beat: 2, nowMs: 12_000 },
      { t: 'ack', epoch: 3, seq: 1, beat: 2, nowMs: 12_010 },
    ]
    const uncovered = after(...live, ...beats)
    t.same(picturePermission(uncovered, 12_010), { state: 'live', untilMs: 10_190 + FRESH_MS })
    t.same(picturePermission(uncovered, 12_190), { state: 'frozen', reason: 'recorder-silent' })
    const covered = [
      { t: 'appended', seq: 2, nowMs: 12_300 },
      { t: 'stills', seq: 2, coversUntilMs: 10_190, nowMs: 12_300 },
      { t: 'ack', epoch: 3, seq: 2, beat: 2, nowMs: 12_400 },
    ] as const
    t.same(picturePermission(covered.reduce<Interlock>(stepInterlock, uncovered), 12_400), {
      state: 'live',
      untilMs: 12_300 + FRESH_MS,
    })
  },
)

t.test('[R1] trouble freezes at once and the next good acknowledgement lifts it', async (t) => {
  for (const [reason, shown] of [
    ['disk-full', 'recorder-disk-full'],
    ['disk-failed', 'recorder-failed'],
    ['chain-broken', 'recorder-failed'],
    ['refused', 'recorder-failed'],
  ] as const) {
    const troubled = after(...live, { t: 'trouble', epoch: 3, reason, nowMs: 10_200 })
    t.same(picturePermission(troubled, 10_200), { state: 'frozen', reason: shown })
    const old = stepInterlock(troubled, { t: 'ack', epoch: 2, seq: 0, beat: 1, nowMs: 10_300 })
    t.same(picturePermission(old, 10_300).state, 'frozen', 'not lifted by a lower epoch')
    const good = stepInterlock(troubled, { t: 'ack', epoch: 3, seq: 0, beat: 1, nowMs: 10_300 })
    t.same(picturePermission(good, 10_300).state, 'live')
  }
})

t.test('[R1] a recorder of a lower epoch is ignored, a new one must prove itself', async (t) => {
  const taken = after(...live, { t: 'assigned', epoch: 4, nowMs: 10_200 })
  t.same(picturePermission(taken, 10_200), { state: 'frozen', reason: 'no-recorder' })
  const zombie = [
    { t: 'beat', beat: 2, nowMs: 10_300 },
    { t: 'ack', epoch: 3, seq: 0, beat: 2, nowMs: 10_310 },
    { t: 'assigned', epoch: 3, nowMs: 10_320 },
    { t: 'ack', epoch: 3, seq: 0, beat: 2, nowMs: 10_330 },
  ] as const
  const afterZombie = zombie.reduce<Interlock>(stepInterlock, taken)
  t.same(picturePermission(afterZombie, 10_330), { state: 'frozen', reason: 'no-recorder' })
  const proved = stepInterlock(afterZombie, { t: 'ack', epoch: 4, seq: 0, beat: 2, nowMs: 10_340 })
  t.same(picturePermission(proved, 10_340).state, 'live')
})

t.test(
  '[R1] a recorder that answers what was not sent, or holds less than it said, has failed',
  async (t) => {
    const one = after(
      ...live,
      { t: 'appended', seq: 1, nowMs: 10_200 },
      { t: 'ack', epoch: 3, seq: 1, beat: 1, nowMs: 10_250 },
    )
    for (const [seq, beat] of [
      [2, 1],
      [0, 1],
      [1, 2],
    ] as const) {
      const state = stepInterlock(one, { t: 'ack', epoch: 3, seq, beat, nowMs: 10_300 })
      t.same(picturePermission(state, 10_300), { state: 'frozen', reason: 'recorder-failed' })
    }
  },
)

t.test('[R1] a clock set back voids every proof until the recorder answers again', async (t) => {
  const back = stepInterlock(after(...live, { t: 'captured', capturedAtMs: 10_200, nowMs: 10_200 }), {
    t: 'tick',
    nowMs: 4_000,
  })
  t.same(picturePermission(back, 4_000).state, 'frozen')
  const again = [
    { t: 'appended', seq: 1, nowMs: 4_100 },
    { t: 'stills', seq: 1, coversUntilMs: 4_090, nowMs: 4_100 },
    { t: 'beat', beat: 2, nowMs: 4_200 },
    { t: 'ack', epoch: 3, seq: 1, beat: 2, nowMs: 4_210 },
  ] as const
  t.same(picturePermission(again.reduce<Interlock>(stepInterlock, back), 4_210), {
    state: 'live',
    untilMs: 4_200 + FRESH_MS,
  })
})
