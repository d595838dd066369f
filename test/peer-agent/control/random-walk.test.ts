import fc from 'fast-check'
import t from 'tap'
import { REST_MS } from '../../../protocol/control.ts'
import { type Assisted, openShared } from '../../fixtures/assisted.ts'

/** What can happen to a session, in any order. */
type Step =
  | { readonly t: 'pass'; readonly ms: number }
  | { readonly t: 'hands'; readonly what: 'move' | 'press' | 'release' }
  | { readonly t: 'ask'; readonly level: 'control' | 'admin' }
  | { readonly t: 'answer'; readonly isGranted: boolean; readonly isByHand: boolean }
  | {
      readonly t:
        | 'withdraw'
        | 'give-back'
        | 'lost'
        | 'back'
        | 'linked'
        | 'freeze'
        | 'thaw'
        | 'hide'
        | 'show'
        | 'let-go'
    }
  | { readonly t: 'remote'; readonly what: 'button' | 'key' | 'text' | 'move' }

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .constantFrom('button', 'key', 'text', 'move')
      .map((what) => ({ t: 'remote', what }) as Step),
  },
  {
    weight: 4,
    arbitrary: fc
      .constantFrom(1, 200, 800, 1_999, 2_000, 2_000, 5_000)
      .map((ms) => ({ t: 'pass', ms }) as Step),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom('move', 'press', 'release').map((what) => ({ t: 'hands', what }) as Step),
  },
  { weight: 2, arbitrary: fc.constantFrom('control', 'admin').map((level) => ({ t: 'ask', level }) as Step) },
  {
    weight: 4,
    arbitrary: fc
      .record({ isGranted: fc.boolean(), isByHand: fc.boolean() })
      .map((answer) => ({ t: 'answer', ...answer }) as Step),
  },
  {
    weight: 4,
    arbitrary: fc
      .constantFrom('withdraw', 'give-back', 'lost', 'back', 'linked', 'freeze', 'thaw', 'hide', 'show')
      .map((t) => ({ t }) as Step),
  },
)

const GRANT: readonly Step[] = [
  { t: 'ask', level: 'control' },
  { t: 'pass', ms: 800 },
  { t: 'answer', isGranted: true, isByHand: true },
]
/** Back to where the expert holds, so that walks do not end in a session that nothing is allowed in. */
const RECOVER: readonly Step[] = [
  ...(['linked', 'thaw', 'show'] as const).map((t) => ({ t })),
  { t: 'let-go' },
  { t: 'pass', ms: 800 },
  { t: 'answer', isGranted: true, isByHand: true },
  { t: 'pass', ms: 20_000 },
  ...GRANT,
  { t: 'pass', ms: 2_000 },
  { t: 'remote', what: 'key' },
]
const walk: fc.Arbitrary<readonly Step[]> = fc
  .array(
    fc.oneof(
      { weight: 12, arbitrary: step.map((one) => [one] as readonly Step[]) },
      { weight: 2, arbitrary: fc.constant(RECOVER) },
      { weight: 1, arbitrary: fc.constant([{ t: 'pass', ms: 31 * 60_000 }] as const) },
    ),
    { minLength: 5, maxLength: 60 },
  )
  .map((parts) => parts.flat())

/** What the world outside the agent knows: what was done to it, and what its own records and window say. */
class World {
  isLineUp = true
  isFrozen = false
  isHidden = false
  heldCount = 0
  handsAtMs = Number.NEGATIVE_INFINITY
  readonly stage: Assisted

  constructor(stage: Assisted) {
    this.stage = stage
  }

  /** By the recording: the last word on control was a grant. */
  get isControlGranted(): boolean {
    const last = this.stage
      .consentRecords()
      .findLast((record) => /^(granted|withdrawn|returned|lapsed) control$/.test(record))
    return last === 'granted control'
  }

  get mayInject(): boolean {
    const { stage } = this
    return (
      this.isControlGranted &&
      this.isLineUp &&
      !this.isFrozen &&
      !this.isHidden &&
      stage.screen.t !== 'question' &&
      this.heldCount === 0 &&
      stage.clock.steadyMs() - this.handsAtMs >= REST_MS.usual
    )
  }

  hands(what: 'move' | 'press' | 'release'): void {
    if (what === 'press') this.heldCount++
    if (what === 'release') this.heldCount = Math.max(0, this.heldCount - 1)
    this.handsAtMs = this.stage.clock.steadyMs()
    this.stage.desktop.input(what)
  }

  async take(step: Step, n: number): Promise<void> {
    const { assistance, clock } = this.stage
    switch (step.t) {
      case 'pass':
        clock.turn(step.ms)
        break
      case 'hands':
        this.hands(step.what)
        break
      case 'ask':
        assistance.ask(step.level)
        break
      case 'answer': {
        const { screen } = this.stage
        if (step.isByHand) {
          this.hands('press')
          this.hands('release')
        }
        if (screen.t === 'question')
          assistance.act({ t: 'answer', subject: screen.subject, granted: step.isGranted })
        break
      }
      case 'withdraw':
        assistance.act({ t: 'withdraw', level: 'control' })
        break
      case 'give-back':
        assistance.giveBack('control')
        break
      case 'lost':
      case 'back':
      case 'linked':
        this.isLineUp = step.t !== 'lost'
        assistance.lineChanged(step.t)
        break
      case 'freeze':
      case 'thaw':
        this.isFrozen = step.t === 'freeze'
        this.stage.permit(
          this.isFrozen
            ? { state: 'frozen', reason: 'recorder-silent' }
            : { state: 'live', untilMs: Number.POSITIVE_INFINITY },
        )
        break
      case 'hide':
        this.isHidden = true
        assistance.act({ t: 'hide', isHidden: true })
        break
      case 'show':
        this.hands('press')
        this.hands('release')
        this.isHidden = false
        assistance.act({ t: 'hide', isHidden: false })
        break
      case 'let-go':
        while (this.heldCount > 0) this.hands('release')
        break
      case 'remote':
        if (step.what === 'move') assistance.steering.receivePointer(`{"t":"at","n":${n},"x":1,"y":1}`)
        else if (step.what === 'text') this.stage.remote({ t: 'text', text: 'x' })
        else if (step.what === 'key') this.stage.remote({ t: 'key', code: 'ControlLeft', isDown: true })
        else this.stage.remote({ t: 'button', n, button: 'left', isDown: true, x: 1, y: 1 })
    }
    await this.stage.settle()
  }
}

/** Walks that once went wrong, or that are worth walking each time. */
const KEPT: [readonly Step[]][] = [
  // Granted while the line is lost: nothing may come through before it is back.
  [
    [
      { t: 'withdraw' },
      { t: 'ask', level: 'control' },
      { t: 'pass', ms: 800 },
      { t: 'lost' },
      { t: 'answer', isGranted: true, isByHand: true },
      { t: 'pass', ms: 2_000 },
      { t: 'remote', what: 'key' },
      { t: 'back' },
      { t: 'remote', what: 'key' },
    ],
  ],
]

let injections = 0
let walks = 0

t.test(
  '[K1] [C3] [K2] no walk through consent, hands and line injects without grant, rest, line, picture, or at a question',
  async (t) => {
    await fc.assert(
      fc.asyncProperty(walk, async (steps) => {
        walks++
        const stage = await openShared()
        const world = new World(stage)
        // Whoever shared the screen has just used their hands.
        world.handsAtMs = stage.clock.steadyMs()
        try {
          for (const [n, one] of [...GRANT, ...steps].entries()) {
            const before = stage.injected.length
            const mightBefore = world.mayInject
            await world.take(one, n)
            if (stage.ends.length > 0) break
            const added = stage.injected.slice(before).filter((event) => !/ up$|^closed$/.test(event))
            injections += added.length
            if (added.length > 0 && !(one.t === 'remote' && mightBefore))
              throw new Error(`injected ${added} at step ${n}`)
            if (one.t === 'remote' && mightBefore && added.length === 0)
              throw new Error(`refused at step ${n} what was allowed`)
            if (!world.mayInject && stage.isHolding) throw new Error(`still holds at step ${n}`)
          }
        } finally {
          await stage.close()
        }
        if (stage.isHolding) throw new Error('holds after the end')
      }),
      { numRuns: 600, seed: 20_261_124, examples: KEPT },
    )
    t.ok(injections > 500, 'the walks do steer')
    t.comment(`${walks} walks, ${injections} injections`)
  },
)
