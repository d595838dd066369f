/** How many at once, and how many more a second after that. */
export interface BucketRule {
  readonly burst: number
  readonly perSecond: number
}

/** As it stood at `atMs`; it has filled since. */
export interface Bucket {
  readonly tokens: number
  readonly atMs: number
}

export const fullBucket = ({ burst }: BucketRule, atMs: number): Bucket => ({ tokens: burst, atMs })

/** What is in it now. A clock that went back fills nothing and takes nothing. */
export function refilled(bucket: Bucket, { burst, perSecond }: BucketRule, nowMs: number): Bucket {
  const seconds = Math.max(0, nowMs - bucket.atMs) / 1000
  return { tokens: Math.min(burst, bucket.tokens + seconds * perSecond), atMs: nowMs }
}

/** Takes `amount`, or tells how long to wait until that much is there; then nothing is taken. */
export function take(
  bucket: Bucket,
  rule: BucketRule,
  nowMs: number,
  amount = 1,
): { bucket: Bucket; waitMs: number } {
  const now = refilled(bucket, rule, nowMs)
  // What is larger than the bucket passes when it is full: it could never pass otherwise.
  const needed = Math.min(amount, rule.burst)
  if (now.tokens >= needed) return { bucket: { tokens: now.tokens - amount, atMs: nowMs }, waitMs: 0 }
  return { bucket: now, waitMs: Math.ceil(((needed - now.tokens) / rule.perSecond) * 1000) }
}

export function giveBack(bucket: Bucket, { burst }: BucketRule): Bucket {
  return { ...bucket, tokens: Math.min(burst, bucket.tokens + 1) }
}
