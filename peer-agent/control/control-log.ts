import type { Holder } from '../../protocol/level.ts'
import type { HolderInterval } from '../../protocol/messages/entry.ts'
import type { RemoteInput } from '../../protocol/messages/input.ts'
import type { HandsInput } from '../desktop/port.ts'

type Counts = Pick<HolderInterval, 'expert' | 'customer'>

const EXPERT_COUNTS = {
  at: 'moves',
  button: 'buttons',
  wheel: 'wheels',
  key: 'keys',
  text: 'keys',
} as const satisfies Partial<Record<RemoteInput['t'], keyof HolderInterval['expert']>>

/**
 * Who held mouse and keyboard from when to when, and how many events each made; never which keys, never where [K6].
 * A press and its release are two events, a character typed is one.
 */
export class ControlLog {
  #holder: Holder
  #fromMs: number
  #counts: Counts = none()

  constructor(holder: Holder, fromMs: number) {
    this.#holder = holder
    this.#fromMs = fromMs
  }

  expert(input: RemoteInput, isInjected: boolean): void {
    if (!(input.t in EXPERT_COUNTS)) return
    const count = input.t === 'text' ? [...input.text].length : 1
    const { expert } = this.#counts
    if (isInjected) expert[EXPERT_COUNTS[input.t as keyof typeof EXPERT_COUNTS]] += count
    else expert.refused += count
  }

  customer(input: HandsInput): void {
    if (input === 'move') this.#counts.customer.moves++
    if (input === 'press') this.#counts.customer.presses++
  }

  /** Ends the stretch at `atMs` (ms since the epoch) and begins the next; null where the stretch was none. */
  turn(next: Holder, atMs: number): HolderInterval | null {
    const toMs = Math.max(atMs, this.#fromMs)
    const stretch: HolderInterval = {
      t: 'holder',
      holder: this.#holder,
      fromMs: this.#fromMs,
      toMs,
      ...this.#counts,
    }
    this.#holder = next
    this.#fromMs = toMs
    this.#counts = none()
    const isEmpty = stretch.toMs === stretch.fromMs && isNone(stretch)
    return isEmpty ? null : stretch
  }
}

function none(): Counts {
  return {
    expert: { moves: 0, buttons: 0, wheels: 0, keys: 0, refused: 0 },
    customer: { moves: 0, presses: 0 },
  }
}

function isNone({ expert, customer }: Counts): boolean {
  return [...Object.values(expert), ...Object.values(customer)].every((count) => count === 0)
}
