import type { BucketRule } from './token-bucket.ts'

/** Every limit on how often something may be tried. */
export interface Limits {
  /** Attempts to join that met no waiting number, of one address block [N4]. */
  readonly missesPerBlock: BucketRule
  /** The same over the whole service [N4]. */
  readonly missesInAll: BucketRule
  /** Failed log-ins of one address block. */
  readonly loginsPerBlock: BucketRule
  /** Failed log-ins under one name, from anywhere. */
  readonly loginsPerName: BucketRule
  /** Requests for pages that aren't there, of one address in a minute. */
  readonly notFoundPerMinute: number
  /** Messages of one socket. Above, it is read more slowly, and nothing is lost. */
  readonly messages: BucketRule
  /** Bytes of one socket, likewise: one customer can't fill the recorder's line for all others. */
  readonly bytes: BucketRule
}

/**
 * At worst 50 of 1000 short nameplates wait, so 2 guesses a second meet one every 10 s; each such guess has one
 * chance in a million and burns the number. A day of that from many networks at once succeeds with less than 1 %.
 */
export const LIMITS: Limits = {
  missesPerBlock: { burst: 10, perSecond: 1 / 6 },
  missesInAll: { burst: 100, perSecond: 2 },
  loginsPerBlock: { burst: 20, perSecond: 1 / 15 },
  loginsPerName: { burst: 10, perSecond: 1 / 30 },
  notFoundPerMinute: 60,
  messages: { burst: 300, perSecond: 60 },
  bytes: { burst: 1024 * 1024, perSecond: 256 * 1024 },
}
