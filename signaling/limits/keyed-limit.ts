import type { Clock } from '../clock.ts'
import { type Bucket, type BucketRule, fullBucket, giveBack, refilled, take } from './token-bucket.ts'

/** One bucket for each key, in bounded memory. */
export class KeyedLimit {
  readonly #rule: BucketRule
  readonly #clock: Clock
  readonly #maxKeys: number
  readonly #buckets = new Map<string, Bucket>()

  constructor(rule: BucketRule, clock: Clock, maxKeys = 20_000) {
    this.#rule = rule
    this.#clock = clock
    this.#maxKeys = maxKeys
  }

  /** Keys remembered now. */
  get size(): number {
    return this.#buckets.size
  }

  /** Milliseconds to wait; 0 where it was taken. */
  take(key: string): number {
    const nowMs = this.#clock.nowMs()
    const before = this.#buckets.get(key)
    const { bucket, waitMs } = take(before ?? fullBucket(this.#rule, nowMs), this.#rule, nowMs)
    if (!before && this.#buckets.size >= this.#maxKeys) this.#forget(nowMs)
    this.#buckets.set(key, bucket)
    return waitMs
  }

  giveBack(key: string): void {
    const bucket = this.#buckets.get(key)
    if (bucket) this.#buckets.set(key, giveBack(bucket, this.#rule))
  }

  /** Drops what is full again and so says nothing; were all still in use, the oldest tenth. */
  #forget(nowMs: number): void {
    for (const [key, bucket] of this.#buckets)
      if (refilled(bucket, this.#rule, nowMs).tokens >= this.#rule.burst) this.#buckets.delete(key)
    if (this.#buckets.size < this.#maxKeys) return
    for (const key of [...this.#buckets.keys()].slice(0, Math.ceil(this.#maxKeys / 10)))
      this.#buckets.delete(key)
  }
}
