import fc from 'fast-check'
import t from 'tap'
import {
  type Control,
  type ControlEvent,
  controlDueAtMs,
  holding,
  NO_CONTROL,
  REST_MS,
  stepControl,
} from '../../protocol/control.ts'

function after(events: readonly ControlEvent[], start: Control = NO_CONTROL): Control {
  return events.reduce(stepControl, start)
}

const steered = after([
  { nowMs: 0, t: 'granted', isGranted: true },
  { nowMs: 0, t: 'line', isUp: true },
  { nowMs: 0, t: 'picture', isLive: true },
])

t.test('[K1] the expert holds only with grant, line, live picture and no open question', async (t) => {
  t.same(holding(steered, 10), { holder: 'expert' })
  const without: [ControlEvent, string][] = [
    [{ nowMs: 1, t: 'granted', isGranted: false }, 'not-granted'],
    [{ nowMs: 1, t: 'line', isUp: false }, 'line'],
    [{ nowMs: 1, t: 'asked', isAsked: true }, 'question'],
    [{ nowMs: 1, t: 'picture', isLive: false }, 'picture'],
    [{ nowMs: 1, t: 'hands', heldCount: 0 }, 'hands'],
  ]
  for (const [event, because] of without)
    t.same(holding(stepControl(steered, event), 10), { holder: 'customer', because })
})

t.test('[K2] [K3] the hands win at once; the expert holds again only after they have rested', async (t) => {
  const moved = stepControl(steered, { nowMs: 100, t: 'hands', heldCount: 0 })
  t.match(holding(moved, 100), { holder: 'customer' })
  t.match(holding(moved, 100 + REST_MS.usual - 1), { holder: 'customer' })
  t.match(holding(moved, 100 + REST_MS.usual), { holder: 'expert' })
  t.equal(controlDueAtMs(moved), 100 + REST_MS.usual)
})

t.test('[K3] a held button keeps control with the customer, however long it is held', async (t) => {
  const pressed = stepControl(steered, { nowMs: 100, t: 'hands', heldCount: 1 })
  t.match(holding(pressed, 1e9), { holder: 'customer', because: 'hands' })
  t.equal(controlDueAtMs(pressed), null)
  const released = stepControl(pressed, { nowMs: 9000, t: 'hands', heldCount: 0 })
  t.match(holding(released, 9000 + REST_MS.usual - 1), { holder: 'customer' })
  t.match(holding(released, 9000 + REST_MS.usual), { holder: 'expert' })
})

t.test('[K3] the customer sets the rest from 1 to 5 s and no further', async (t) => {
  const restAfter = (restMs: number) => stepControl(steered, { nowMs: 1, t: 'rest', restMs }).restMs
  t.same([0, 1000, 3000, 5000, 60_000].map(restAfter), [1000, 1000, 3000, 5000, 5000])
})

t.test('[K3] a clock that is set back or ahead gives nothing away', async (t) => {
  const moved = stepControl(steered, { nowMs: 50_000, t: 'hands', heldCount: 0 })
  const back = stepControl(moved, { nowMs: 1_000, t: 'tick' })
  t.match(holding(back, 1_000), { holder: 'customer' })
  t.match(holding(back, 1_000 + REST_MS.usual), { holder: 'expert' }, 'and nobody waits for an hour')
})

const event: fc.Arbitrary<(nowMs: number) => ControlEvent> = fc.oneof(
  fc.constant((nowMs: number) => ({ nowMs, t: 'tick' as const })),
  fc.nat(2).map((heldCount) => (nowMs: number) => ({ nowMs, t: 'hands' as const, heldCount })),
  fc.boolean().map((isGranted) => (nowMs: number) => ({ nowMs, t: 'granted' as const, isGranted })),
  fc.boolean().map((isAsked) => (nowMs: number) => ({ nowMs, t: 'asked' as const, isAsked })),
  fc.boolean().map((isUp) => (nowMs: number) => ({ nowMs, t: 'line' as const, isUp })),
  fc.boolean().map((isLive) => (nowMs: number) => ({ nowMs, t: 'picture' as const, isLive })),
)

t.test('[K3] when something is due, the holder changes just then and not before', async () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(event, fc.nat(3_000)), { maxLength: 40 }), (steps) => {
      let state = NO_CONTROL
      let nowMs = 0
      for (const [make, passMs] of steps) {
        nowMs += passMs
        state = stepControl(state, make(nowMs))
        const dueAtMs = controlDueAtMs(state)
        if (dueAtMs === null) {
          if (holding(state, nowMs).holder !== holding(state, nowMs + 1e9).holder) return false
        } else if (
          holding(state, dueAtMs - 1).holder !== 'customer' ||
          holding(state, dueAtMs).holder !== 'expert'
        )
          return false
      }
      return true
    }),
  )
})
