import type { EndReason } from '../protocol/end-reason.ts'
import type { SignedDocument } from '../protocol/identity.ts'
import type { Role } from '../protocol/level.ts'

interface Always {
  readonly id: string
  readonly expertId: string
  readonly nameplate: string
  readonly createdAtMs: number
  readonly expiresAtMs: number
  readonly expertTokenHash: string
  /** Null until a customer has joined. */
  readonly customerTokenHash: string | null
  readonly card: SignedDocument
}

/** A session as it is remembered; each arm has what exists then. */
export type SessionRow = Always &
  (
    | { readonly state: 'waiting' }
    | { readonly state: 'paired'; readonly burnedAtMs: number }
    | {
        readonly state: 'ended'
        readonly burnedAtMs: number | null
        readonly endedAtMs: number
        readonly reason: EndReason
        readonly by: Role | null
      }
  )

export interface Columns {
  id: string
  expert_id: string
  nameplate: string
  state: SessionRow['state']
  created_at_ms: number | string
  expires_at_ms: number | string
  burned_at_ms: number | string | null
  ended_at_ms: number | string | null
  end_reason: EndReason | null
  ended_by: Role | null
  expert_token_hash: string
  customer_token_hash: string | null
  card_document: string
  card_signature: string
}

export function toSession(columns: Columns): SessionRow {
  const always: Always = {
    id: columns.id,
    expertId: columns.expert_id,
    nameplate: columns.nameplate,
    createdAtMs: Number(columns.created_at_ms),
    expiresAtMs: Number(columns.expires_at_ms),
    expertTokenHash: columns.expert_token_hash,
    customerTokenHash: columns.customer_token_hash,
    card: { document: columns.card_document, signature: columns.card_signature },
  }
  switch (columns.state) {
    case 'waiting':
      return { ...always, state: 'waiting' }
    case 'paired':
      return { ...always, state: 'paired', burnedAtMs: Number(columns.burned_at_ms) }
    case 'ended':
      return {
        ...always,
        state: 'ended',
        burnedAtMs: columns.burned_at_ms === null ? null : Number(columns.burned_at_ms),
        endedAtMs: Number(columns.ended_at_ms),
        reason: columns.end_reason ?? 'line-lost',
        by: columns.ended_by,
      }
  }
}
