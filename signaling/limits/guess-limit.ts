import { Refusal } from '../../protocol/refusals.ts'
import type { Clock } from '../clock.ts'
import { KeyedLimit } from './keyed-limit.ts'
import type { BucketRule } from './token-bucket.ts'

/**
 * Slows guessing of two kinds at once, such as by address block and over the whole service [N4]. What is taken
 * before an attempt is given back when it succeeds, so an honest caller pays nothing; who has to wait is told how
 * long, and the wait ends by itself.
 */
export class GuessLimit<Name extends string> {
  readonly #limits: [Name, KeyedLimit][]

  constructor(rules: Record<Name, BucketRule>, clock: Clock) {
    this.#limits = (Object.entries(rules) as [Name, BucketRule][]).map(([name, rule]) => [
      name,
      new KeyedLimit(rule, clock),
    ])
  }

  /**
   * Returns the undo for when the attempt has succeeded.
   * @throws Refusal slow-down; then nothing is taken
   */
  attempt(keys: Record<Name, string>): () => void {
    const undos: (() => void)[] = []
    const giveBack = () => {
      for (const undo of undos) undo()
    }
    for (const [name, limit] of this.#limits) {
      const waitMs = limit.take(keys[name])
      if (waitMs > 0) {
        giveBack()
        throw new Refusal('slow-down', Math.max(1, Math.ceil(waitMs / 1000)))
      }
      undos.push(() => limit.giveBack(keys[name]))
    }
    return giveBack
  }
}
