import t from 'tap'
import { playerKeyOf } from '../../expert-ui/auditor/player-keys.ts'
import { clockTime, rulerTicks, zoneName } from '../../expert-ui/auditor/time-words.ts'
import { bandAt } from '../../expert-ui/playback/bands.ts'
import { nextMark, previousMark } from '../../expert-ui/playback/feed.ts'
import type { Happening, What } from '../../expert-ui/playback/happening.ts'
import { quietUntil } from '../../expert-ui/playback/quiet.ts'
import { Timeline } from '../../expert-ui/playback/timeline.ts'
import { AT_START, skipsQuiet, stepTransport, type Transport } from '../../expert-ui/playback/transport.ts'
import { STARTED_AT_MS } from '../fixtures/recording.ts'

const NONE = { moves: 0, buttons: 0, wheels: 0, keys: 0, refused: 0 }
const still = (isKeyframe = false): What => ({ t: 'stills', isKeyframe, cursor: null, layout: null })
const holder = (who: 'customer' | 'expert', from: number, to: number, moves: number): What => ({
  t: 'holder',
  holder: who,
  fromMs: STARTED_AT_MS + from,
  toMs: STARTED_AT_MS + to,
  expert: NONE,
  customer: { moves, presses: 0 },
})

function timelineOf(told: readonly (readonly [atMs: number | null, what: What, isProven?: boolean])[]) {
  const happenings = told.map(
    ([atMs, what, isProven = true], entry): Happening => ({
      entry,
      isProven,
      atMs: atMs === null ? null : STARTED_AT_MS + atMs,
      what,
    }),
  )
  return new Timeline().add(happenings).end()
}

t.test(
  'a clock that is set back does not fold the time: positions go on, times are the clock’s',
  async (t) => {
    const timeline = timelineOf([
      [0, still()],
      [10_000, still()],
      [4_000, still()],
      [9_000, still()],
    ])
    t.equal(timeline.lengthMs, 15_000)
    t.same(
      timeline.stills.map(({ posMs }) => posMs),
      [0, 10_000, 10_000, 15_000],
    )
    t.equal(timeline.wallAt(9_999) - STARTED_AT_MS, 9_999)
    t.equal(timeline.wallAt(12_000) - STARTED_AT_MS, 6_000)
    t.equal(timeline.stillAt(10_000)!.entry, 2, 'of two at one time the later')
    t.equal(timeline.previousStill(15_000)!.entry, 2)
    t.equal(timeline.previousStill(10_000)!.entry, 0)
    t.equal(timeline.nextStill(0)!.entry, 1)
  },
)

t.test('[K6] the bands are what was allowed and who held, and a take-over is by hand', async (t) => {
  const timeline = timelineOf([
    [0, { t: 'level', level: 'view' }],
    [1_000, still(true)],
    [5_000, { t: 'level', level: 'control' }],
    [9_000, holder('expert', 5_000, 9_000, 0)],
    [12_000, holder('customer', 9_000, 12_000, 30)],
    [14_000, holder('expert', 12_000, 14_000, 0)],
    [15_000, holder('customer', 14_000, 15_000, 0)],
    [20_000, { t: 'end', reason: 'customer-ended', by: 'customer' }],
    [21_000, { t: 'closing' }],
  ])
  const { levels, holders, noPicture } = timeline.bands
  t.same(levels, [
    { fromMs: 0, toMs: 5_000, value: 'view' },
    { fromMs: 5_000, toMs: 20_000, value: 'control' },
  ])
  t.same(
    holders.map(({ fromMs, toMs, value }) => [fromMs, toMs, value]),
    [
      [5_000, 9_000, 'expert'],
      [9_000, 12_000, 'customer'],
      [12_000, 14_000, 'expert'],
      [14_000, 15_000, 'customer'],
    ],
  )
  t.same(noPicture, [{ fromMs: 0, toMs: 1_000, value: { kind: 'none', reason: null } }])
  t.same(
    timeline.feed.filter(({ isTakeOver }) => isTakeOver).map(({ posMs }) => posMs),
    [9_000],
    'a stretch without a move of the customer is none',
  )
  t.equal(nextMark(timeline.feed, 0)!.posMs, 9_000)
  t.equal(previousMark(timeline.feed, 20_000)!.posMs, 9_000)
})

t.test('[C5] a hidden and a frozen picture are stretches without one', async (t) => {
  const timeline = timelineOf([
    [0, still(true)],
    [1_000, { t: 'picture', state: 'live' }],
    [2_000, { t: 'picture', state: 'card', reason: 'hidden' }],
    [5_000, { t: 'picture', state: 'frozen', reason: 'recorder-silent' }],
    [7_000, { t: 'picture', state: 'live' }],
    [9_000, still()],
  ])
  const at = (posMs: number) => bandAt(timeline.bands.noPicture, posMs)?.value ?? null
  t.same(
    [at(1_500), at(2_000), at(6_999), at(7_000)],
    [null, { kind: 'card', reason: 'hidden' }, { kind: 'frozen', reason: 'recorder-silent' }, null],
  )
})

t.test(
  '[R5] where something could not be read the picture is doubtful until the next whole one',
  async (t) => {
    const timeline = timelineOf([
      [0, still(true)],
      [1_000, still()],
      [null, { t: 'unreadable' }, false],
      [3_000, still(), false],
      [4_000, still(true), false],
    ])
    t.equal(timeline.faultPosMs, 1_000)
    t.same(timeline.bands.doubtful, [{ fromMs: 1_000, toMs: 4_000, value: true }])
  },
)

const COURSE = { lengthMs: 60_000, isWhole: true, quietUntil: () => null as number | null }

t.test('time passes at the chosen speed, stops at the end and begins anew from there', async (t) => {
  let now: Transport = stepTransport(AT_START, { t: 'play' }, COURSE)
  now = stepTransport(now, { t: 'speed', speed: 8 }, COURSE)
  now = stepTransport(now, { t: 'tick', elapsedMs: 1_000 }, COURSE)
  t.match(now, { posMs: 8_000, isPlaying: true })
  t.match(stepTransport(now, { t: 'faster' }, COURSE), { speed: 16 })
  now = stepTransport(now, { t: 'tick', elapsedMs: 60_000 }, COURSE)
  t.match(now, { posMs: 60_000, isPlaying: false })
  t.match(stepTransport(now, { t: 'play' }, COURSE), { posMs: 0, isPlaying: true })
  t.match(stepTransport(now, { t: 'tick', elapsedMs: 1_000 }, COURSE), now, 'a paused player stands')
  t.match(stepTransport(now, { t: 'jump', posMs: 99_000 }, COURSE), { posMs: 60_000 })
  const reading = { ...COURSE, isWhole: false }
  const waiting = stepTransport({ ...AT_START, isPlaying: true }, { t: 'tick', elapsedMs: 90_000 }, reading)
  t.match(waiting, { posMs: 60_000, isPlaying: true }, 'it waits for what is not read yet')
})

t.test('stillness is skipped at high speed unless chosen otherwise', async (t) => {
  const course = { ...COURSE, quietUntil: (posMs: number) => (posMs < 40_000 ? 40_000 : null) }
  const at = (part: Partial<Transport>) =>
    stepTransport({ ...AT_START, isPlaying: true, ...part }, { t: 'tick', elapsedMs: 1_000 }, course).posMs
  t.equal(at({ speed: 1 }), 1_000)
  t.equal(at({ speed: 4 }), 40_000)
  t.equal(at({ speed: 1, skips: true }), 40_000)
  t.equal(at({ speed: 16, skips: false }), 16_000)
  t.equal(skipsQuiet(stepTransport({ ...AT_START, speed: 8 }, { t: 'toggle-skip' }, course)), false)
})

t.test('a stretch is quiet when neither picture nor event comes for three seconds', async (t) => {
  const timeline = timelineOf([
    [0, still(true)],
    [2_000, still()],
    [30_000, { t: 'chat', from: 'customer', text: 'Hallo' }],
    [60_000, still()],
  ])
  t.equal(quietUntil(timeline, 500), null, 'two seconds are not quiet')
  t.equal(quietUntil(timeline, 2_500), null, 'what just changed is still looked at')
  t.equal(quietUntil(timeline, 3_100), 29_000, 'up to a second before what was said')
  t.equal(quietUntil(timeline, 29_500), null)
  t.equal(quietUntil(timeline, 31_500), 59_000)
})

t.test('times name their zone, and the ruler stands at whole minutes', async (t) => {
  t.equal(clockTime(STARTED_AT_MS, 'utc', 'de-DE'), '10:15:00')
  t.equal(zoneName(STARTED_AT_MS, 'utc', 'de-DE'), 'UTC')
  t.ok(zoneName(STARTED_AT_MS, 'local', 'de-DE'))
  const ticks = rulerTicks(1_800_000, STARTED_AT_MS + 20_000, 10)
  t.ok(ticks.length >= 5 && ticks.length <= 10, 'some ticks', { ticks })
  t.same(
    ticks.filter((tick) => (STARTED_AT_MS + 20_000 + tick) % 60_000 !== 0),
    [],
  )
  t.same(rulerTicks(0, STARTED_AT_MS, 10).length, 1)
})

t.test('every deed has a key, and held keys are left to the browser', async (t) => {
  const press = (key: string, held = {}) =>
    playerKeyOf({ key, ctrlKey: false, altKey: false, metaKey: false, shiftKey: false, ...held })
  t.same(press(' '), { does: 'play' })
  t.same(press('ArrowRight'), { does: 'seek', byMs: 5_000 })
  t.same(press('ArrowLeft', { shiftKey: true }), { does: 'seek', byMs: -30_000 })
  t.same(press('.'), { does: 'change', direction: 1 })
  t.same(press('B'), { does: 'mark', direction: -1 })
  t.same(press('2'), { does: 'show-monitor', index: 1 })
  for (const held of [{ ctrlKey: true }, { altKey: true }, { metaKey: true }]) t.equal(press('f', held), null)
  t.equal(press('Tab'), null)
})
