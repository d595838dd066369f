import fc from 'fast-check'
import t from 'tap'
import {
  type Belief,
  believe,
  CREDIT_MS,
  certainMs,
  confirm,
  likelyMs,
  type Reading,
  SETTLE_MS,
  since,
  TOLERANCE_MS,
} from '../../recorder/believed-time.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS
const YEAR_MS = 365 * DAY_MS
const LOOK_MS = 5 * MINUTE_MS

/** A machine in a world where the true time is known, and a recorder on it that looks every five minutes. */
class Machine {
  trueMs = Date.UTC(2026, 2, 1)
  /** How far the wall clock is off. */
  errorMs = 0
  belief: Belief | null = null
  #bootedAtMs = this.trueMs - 3 * HOUR_MS
  #boots = 1

  get reading(): Reading {
    const steadyMs = this.trueMs - this.#bootedAtMs
    return { wallMs: this.trueMs + this.errorMs, steadyMs, bootId: `boot ${this.#boots}` }
  }

  look(): number {
    this.belief = believe(this.belief, this.reading)
    return certainMs(this.belief)
  }

  /** The recorder runs. */
  pass(ms: number): void {
    for (let left = ms; left > 0; left -= LOOK_MS) {
      this.trueMs += Math.min(left, LOOK_MS)
      this.look()
    }
  }

  /** The machine sleeps, or the recorder alone is down. */
  absent(ms: number): void {
    this.trueMs += ms
    this.look()
  }

  off(ms: number, bootMs = MINUTE_MS): void {
    this.trueMs += ms + bootMs
    this.#bootedAtMs = this.trueMs - bootMs
    this.#boots++
    this.look()
  }

  /** After a boot it took a clock that was slow: setting that right looks like any jump forward. */
  get isFarBehind(): boolean {
    const { belief, trueMs } = this
    return belief?.t === 'running' && belief.steadyMs + belief.highMs < trueMs - TOLERANCE_MS
  }

  /** How much later it believes it is than it is. */
  get earlyMs(): number {
    return certainMs(this.belief!) - this.trueMs
  }
}

function running(): Machine {
  const machine = new Machine()
  machine.look()
  return machine
}

t.test('[R6] a jump of a running clock is not believed, and changes nothing once it is undone', async (t) => {
  const machine = running()
  for (const jumpMs of [YEAR_MS, -YEAR_MS, DAY_MS, -DAY_MS, 10 * MINUTE_MS, -10 * MINUTE_MS]) {
    machine.errorMs = jumpMs
    machine.pass(2 * HOUR_MS)
    t.equal(machine.earlyMs, 0)
    t.match(machine.belief!.doubt, { t: jumpMs > 0 ? 'ahead' : 'behind', byMs: Math.abs(jumpMs) })
    machine.errorMs = 0
    machine.pass(LOOK_MS)
    t.same([machine.earlyMs, machine.belief!.doubt], [0, null])
  }
  for (let n = 1; n <= 30; n++) {
    machine.errorMs = n * MINUTE_MS
    machine.pass(LOOK_MS)
  }
  t.equal(machine.earlyMs, TOLERANCE_MS, 'half an hour in steps of a minute: the sum counts')
})

t.test('[R6] sleep and a restart are measured; three days off are believed within minutes', async (t) => {
  const machine = running()
  machine.errorMs = -YEAR_MS
  machine.absent(200 * DAY_MS)
  t.equal(machine.earlyMs, 0, 'whatever the wall clock says')
  machine.errorMs = 0
  machine.pass(LOOK_MS)
  machine.off(3 * DAY_MS)
  t.equal(machine.earlyMs, -3 * DAY_MS, 'at once nothing is deleted by it')
  t.equal(likelyMs(machine.belief!), machine.trueMs, 'but what begins now is dated by it')
  machine.pass(SETTLE_MS)
  t.equal(machine.earlyMs, 0)
})

t.test('[R6] a clock that is wrong after a boot and corrected soon deletes nothing early', async (t) => {
  const machine = running()
  machine.errorMs = 5 * HOUR_MS
  machine.off(DAY_MS)
  machine.pass(LOOK_MS)
  t.ok(machine.earlyMs < 0)
  machine.errorMs = 0
  machine.pass(SETTLE_MS + LOOK_MS)
  t.equal(machine.earlyMs, 0)
  machine.errorMs = 5 * HOUR_MS
  machine.off(DAY_MS)
  machine.pass(HOUR_MS)
  t.equal(machine.earlyMs, 5 * HOUR_MS, 'corrected late: believed meanwhile')
  machine.errorMs = 0
  machine.pass(LOOK_MS)
  t.equal(machine.earlyMs, 0, 'and no longer')
})

t.test('[R6] a long absence needs a person, and so does a clock that was wrong before', async (t) => {
  const machine = running()
  machine.off(30 * DAY_MS)
  machine.pass(DAY_MS)
  t.equal(machine.earlyMs, -30 * DAY_MS)
  t.match(machine.belief!.doubt, { t: 'ahead', byMs: 30 * DAY_MS })
  machine.belief = confirm(machine.reading)
  t.equal(machine.earlyMs, 0)
  machine.errorMs = DAY_MS
  machine.pass(LOOK_MS)
  machine.off(HOUR_MS)
  machine.pass(DAY_MS)
  t.equal(machine.earlyMs, -HOUR_MS, 'a boot does not make a wrong clock right')
  machine.belief = since(machine.trueMs - 2 * DAY_MS, machine.reading)
  machine.errorMs = 0
  machine.pass(SETTLE_MS + LOOK_MS)
  t.equal(machine.earlyMs, 0, 'without a note, a moment that has been will do')
})

type Event =
  | { readonly t: 'pass' | 'absent' | 'off'; readonly ms: number }
  | { readonly t: 'set'; readonly errorMs: number }

const spans = fc.oneof(
  fc.integer({ min: 1, max: 20 * MINUTE_MS }),
  fc.integer({ min: 1, max: 3 * DAY_MS }),
  fc.integer({ min: 1, max: 20 * DAY_MS }),
)
const errors = fc.oneof(
  fc.constant(0),
  fc.integer({ min: -3 * MINUTE_MS, max: 3 * MINUTE_MS }),
  fc.integer({ min: -10 * DAY_MS, max: 10 * DAY_MS }),
  fc.integer({ min: -2 * YEAR_MS, max: 2 * YEAR_MS }),
)
const eventOf = (kinds: readonly ('pass' | 'absent' | 'off')[]): fc.Arbitrary<Event> =>
  fc.oneof(
    fc.record({ t: fc.constantFrom(...kinds), ms: spans }),
    fc.record({ t: fc.constant('set' as const), errorMs: errors }),
  )

t.test('[R6] within one boot no sequence of jumps, sleeps and restarts moves it off the truth', async (t) => {
  const events = fc.array(eventOf(['pass', 'absent']), { maxLength: 30 })
  fc.assert(
    fc.property(events, (sequence) => {
      const machine = running()
      for (const event of sequence) {
        if (event.t === 'set') machine.errorMs = event.errorMs
        else machine[event.t](event.ms)
        if (Math.abs(machine.earlyMs) > TOLERANCE_MS) return false
      }
      machine.errorMs = 0
      machine.pass(LOOK_MS)
      return machine.earlyMs === 0
    }),
    { seed: 20261128, numRuns: 500 },
  )
  t.pass('500 sequences')
})

t.test(
  '[R6] across boots: never early but by what was believed of them, and right once the clock is',
  async (t) => {
    let settled = 0
    const events = fc.array(eventOf(['pass', 'absent', 'off']), { maxLength: 30 })
    fc.assert(
      fc.property(events, (sequence) => {
        const machine = running()
        /** What wrong clocks may have gained by boots. */
        let gainedMs = TOLERANCE_MS
        /** True while what the clock says cannot be told from a wrong one by any rule here. */
        let needsPerson = false
        for (const event of sequence) {
          if (event.t === 'set') machine.errorMs = event.errorMs
          else {
            const isReturning = machine.belief!.t === 'returning'
            const isDoubtful = machine.belief!.doubt?.t === 'ahead' || machine.earlyMs > TOLERANCE_MS
            needsPerson ||= event.t === 'off' && isDoubtful
            machine[event.t](event.ms)
            if (event.t === 'off') gainedMs += TOLERANCE_MS
            else if (isReturning && machine.belief!.t === 'running' && machine.errorMs > 0)
              gainedMs += CREDIT_MS
            needsPerson ||= -machine.earlyMs > CREDIT_MS || machine.isFarBehind
          }
          if (machine.earlyMs > gainedMs) return false
        }
        machine.errorMs = 0
        machine.pass(SETTLE_MS + LOOK_MS)
        if (!needsPerson) settled++
        return needsPerson || Math.abs(machine.earlyMs) <= TOLERANCE_MS
      }),
      { seed: 20261129, numRuns: 1000 },
    )
    t.ok(settled > 300, `${settled} of 1000 sequences needed nobody`)
  },
)
