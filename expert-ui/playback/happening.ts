import type { ChainFault } from '../../peer/recording/chain.ts'
import type { EndReason } from '../../protocol/end-reason.ts'
import type { RecordContent } from '../../protocol/messages/entry.ts'
import type { ScreenLayout } from '../../protocol/messages/picture.ts'
import type { Standing } from './chain-check.ts'

/** What one entry says, but for the pixels. */
export type What =
  | { readonly t: 'header'; readonly agent: string; readonly retentionDays: number }
  | {
      readonly t: 'stills'
      readonly isKeyframe: boolean
      readonly cursor: Place | null
      readonly layout: ScreenLayout | null
    }
  | Exclude<RecordContent, { t: 'stills' }>
  | { readonly t: 'closing' }
  | { readonly t: 'abandoned'; readonly reason: EndReason }
  /** An entry that cannot be read: it was changed, damaged, or is of another recording. */
  | { readonly t: 'unreadable' }

export interface Place {
  readonly x: number
  readonly y: number
}

export interface Happening {
  /** Number of the entry, counted from 0. */
  readonly entry: number
  /** By the clock of the customer's device, ms since the epoch. Null where the entry does not even say that. */
  readonly atMs: number | null
  /** False behind the first fault of the chain. */
  readonly isProven: boolean
  readonly what: What
}

/** What is known of the whole as far as it was read. */
export interface Verdict {
  readonly fault: ChainFault | null
  readonly standing: Standing
  /** SHA-256 of the last proven entry, base64url: what the customer's receipt carries. */
  readonly head: string
}
