import { type Static, Type } from 'typebox'
import { Key32, SessionId } from '../identity.ts'
import { OVER_REASONS, REQUEST_KINDS } from '../recording-request.ts'

/** What the auditors' page and the service say to each other over HTTP, as JSON. */

const atMs = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })
/** At least a few words: "x" is no reason. */
const Reason = Type.String({ minLength: 10, maxLength: 500, pattern: '\\S' })
const CaseNumber = Type.String({ minLength: 1, maxLength: 80, pattern: '\\S' })

/** `POST /api/recording-requests`. Answer: the `RequestView`. */
export const AskForRecording = Type.Object({
  sessionId: SessionId,
  kind: Type.Enum(REQUEST_KINDS),
  reason: Reason,
  caseNumber: CaseNumber,
  /** Of a hold alone. */
  untilMs: Type.Optional(atMs),
})
export type AskForRecording = Static<typeof AskForRecording>

/** `POST /api/recording-requests/:id`. Answer: the `RequestView`. */
export const DecideOnRequest = Type.Object({
  t: Type.Enum(['approve', 'decline', 'withdraw', 'close'] as const),
})
export type DecideOnRequest = Static<typeof DecideOnRequest>

const Person = Type.Object({ id: Type.String({ maxLength: 64 }), name: Type.String({ maxLength: 240 }) })

/** A session of which there may be a recording: what is known of it without opening anything. */
export const SessionFacts = Type.Object({
  sessionId: SessionId,
  startedAtMs: atMs,
  endedAtMs: Type.Union([atMs, Type.Null()]),
  expertName: Type.String({ maxLength: 240 }),
})
export type SessionFacts = Static<typeof SessionFacts>

export const RequestView = Type.Object({
  id: Type.String({ maxLength: 64 }),
  session: SessionFacts,
  kind: Type.Enum(REQUEST_KINDS),
  reason: Type.String({ maxLength: 500 }),
  caseNumber: Type.String({ maxLength: 80 }),
  askedBy: Person,
  askedAtMs: atMs,
  untilMs: Type.Union([atMs, Type.Null()]),
  state: Type.Enum(['asked', 'approved', 'over'] as const),
  decidedBy: Type.Union([Person, Type.Null()]),
  endsAtMs: Type.Union([atMs, Type.Null()]),
  because: Type.Union([Type.Enum(OVER_REASONS), Type.Null()]),
  overAtMs: Type.Union([atMs, Type.Null()]),
  /** Of a hold: whether the recorder has done it; null while it has not answered. */
  isInEffect: Type.Union([Type.Boolean(), Type.Null()]),
})
export type RequestView = Static<typeof RequestView>

/** `GET /api/recording-requests`: newest first; what is over for more than the list holds is left out. */
export const RequestList = Type.Object({ requests: Type.Array(RequestView, { maxItems: 500 }) })
export type RequestList = Static<typeof RequestList>
/** `GET /api/recorded-sessions?day=2026-11-28`: those that began on that day in UTC, in order. */
export const SessionList = Type.Object({ sessions: Type.Array(SessionFacts, { maxItems: 5000 }) })
export type SessionList = Static<typeof SessionList>
export const SessionListQuery = Type.Object({ day: Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' }) })

/** `GET /api/openings/:id/entries?from=N`: whole entries, each behind its length as u32 big endian; `x-next` if more. */
export const EntriesQuery = Type.Object({ from: Type.Integer({ minimum: 0, maximum: 2 ** 32 }) })

/** `POST /api/recorder/holds`, by a recorder: what became of a `vault.hold`. */
export const HoldReport = Type.Object({
  requestId: Type.String({ pattern: '^[A-Za-z0-9_-]{1,64}$' }),
  untilMs: Type.Union([atMs, Type.Null()]),
  /** False where there is no such recording any more, or no such hold. */
  isDone: Type.Boolean(),
})
export type HoldReport = Static<typeof HoldReport>

/** `POST /api/recorder/deletions`, by a recorder: the proof of a deletion, for the audit log. */
export const DeletionReport = Type.Object({
  sessionId: SessionId,
  /** Hash of the last entry; null where none could be read. */
  head: Type.Union([Key32, Type.Null()]),
  entries: Type.Integer({ minimum: 0 }),
  dueAtMs: atMs,
  deletedAtMs: atMs,
})
export type DeletionReport = Static<typeof DeletionReport>
