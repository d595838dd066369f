import type { RecordContent } from '../../protocol/messages/entry.ts'
import type { ChainHead, ConsentNote, Receipt } from '../../protocol/messages/receipt.ts'

/** What a closed recording says of its session, for the customer's receipt. */
export interface RecordingAccount {
  readonly startedAtMs: number
  /** Time of the closing entry. */
  readonly endedAtMs: number
  readonly ended: Receipt['ended'] | null
  readonly consent: readonly ConsentNote[]
  readonly expertHeldMs: number
  /** The whole chain, its closing included. */
  readonly chain: ChainHead
  /** Hash of the header entry. */
  readonly header: string
  /** What a recorder had confirmed by then. */
  readonly acknowledged: ChainHead | null
  /** The session's Ed25519 key in base64url. */
  readonly signKey: string
}

/** Gathered from the records while they are made: the receipt can say nothing else than they do. */
export class AccountNotes {
  readonly consent: ConsentNote[] = []
  expertHeldMs = 0
  ended: Receipt['ended'] | null = null

  /** @param atMs the time in the record's entry */
  take(content: RecordContent, atMs: number): void {
    if (content.t === 'consent') this.consent.push({ atMs, event: content.event, subject: content.subject })
    if (content.t === 'holder' && content.holder === 'expert')
      this.expertHeldMs += content.toMs - content.fromMs
    if (content.t === 'end') this.ended = { reason: content.reason, by: content.by }
  }
}
