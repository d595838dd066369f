import type { SignedDocument } from '../../protocol/identity.ts'
import type { SessionRow } from '../../store/session-row.ts'
import type { CustomerConnection, ExpertConnection } from '../connection.ts'
import type { Session } from './life.ts'

/** A live session with the sockets that are in it now. */
export interface Room {
  readonly id: string
  readonly expertId: string
  readonly card: SignedDocument
  readonly expertTokenHash: string
  /** Null until the number is burned. */
  customerTokenHash: string | null
  session: Session
  expert: ExpertConnection | null
  customer: CustomerConnection | null
  /** The recorder that holds most of the recording: it is preferred when it comes back. */
  lastRecorder: string | null
  /** True while an epoch is being counted for it, so that it is not given away twice. */
  isBeingAssigned: boolean
  /** The customer's receipt has been countersigned. */
  isReceiptSigned: boolean
  stopTimer: () => void
}

type NewRoom = Pick<SessionRow, 'id' | 'expertId' | 'card' | 'expertTokenHash' | 'customerTokenHash'>

export function roomOf(row: NewRoom, session: Session): Room {
  return {
    id: row.id,
    expertId: row.expertId,
    card: row.card,
    expertTokenHash: row.expertTokenHash,
    customerTokenHash: row.customerTokenHash,
    session,
    expert: null,
    customer: null,
    lastRecorder: null,
    isBeingAssigned: false,
    isReceiptSigned: false,
    stopTimer: () => undefined,
  }
}

/** A session from before a restart: its ends have from now on as long to come back as after a lost line [S4]. */
export function restoredSession(row: SessionRow, nowMs: number): Session {
  const down = { up: false, sinceMs: nowMs } as const
  switch (row.state) {
    case 'waiting':
      return { phase: 'waiting', expiresAtMs: row.expiresAtMs, expert: down }
    case 'paired':
      return { phase: 'paired', expert: down, customer: down, recorder: null, hadRecorder: false }
    case 'ended':
      return { phase: 'ended', reason: row.reason, by: row.by }
  }
}
