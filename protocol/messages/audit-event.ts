import { type Static, Type } from 'typebox'
import { codecOf } from '../codec.ts'
import { EndReason } from '../end-reason.ts'
import { Key32, SessionId } from '../identity.ts'
import { Role } from '../level.ts'

/**
 * What the audit log tells [R7]: who did what, to which session, when. Never a secret, a session number, chat, a
 * picture, an address, or a name that somebody typed and nobody has.
 */

const atMs = Type.Integer({ minimum: 0 })
const count = Type.Integer({ minimum: 0 })
/** An opening, a hold: drawn by whoever makes it. */
const Id = Type.String({ pattern: '^[A-Za-z0-9_-]{1,64}$' })
/** An account, with the name it had then. Longer than a name may be when it is typed: its NFC form can be. */
export const AuditPerson = Type.Object({ id: Id, name: Type.String({ minLength: 1, maxLength: 240 }) })
export type AuditPerson = Static<typeof AuditPerson>
const Reason = Type.String({ minLength: 1, maxLength: 500 })
const CaseNumber = Type.String({ minLength: 1, maxLength: 80 })

// ---- the service and those who log in ----

/** The service's process began. There is no line for its end: it may be killed. */
const ServiceStarted = Type.Object({ t: Type.Literal('service-started') })
const LogIn = Type.Object({ t: Type.Literal('log-in'), expert: AuditPerson })
/** Asked for, or replaced by a new log-in of the same browser. One that ends by time has no line. */
const LogOut = Type.Object({ t: Type.Literal('log-out'), expert: AuditPerson })
/** At most this many accounts are told one by one in a line of refused log-ins. */
export const MAX_REFUSED_ACCOUNTS = 32
/**
 * Log-ins refused in a stretch of time, at most a minute while the disk takes lines. Names are told only where there
 * is such an account; what was typed otherwise may be a password, and is only counted.
 */
const LogInRefused = Type.Object({
  t: Type.Literal('log-in-refused'),
  fromMs: atMs,
  toMs: atMs,
  accounts: Type.Array(Type.Object({ expert: AuditPerson, count }), { maxItems: MAX_REFUSED_ACCOUNTS }),
  /** Of accounts that found no room in the list. */
  further: count,
  /** Under names nobody has. */
  unknown: count,
  /** Told to wait before the password was looked at. */
  slowed: count,
})

// ---- sessions ----

const SessionOpened = Type.Object({
  t: Type.Literal('session-opened'),
  sessionId: SessionId,
  expert: AuditPerson,
})
/** The first customer used the number; it is burned. */
const SessionJoined = Type.Object({ t: Type.Literal('session-joined'), sessionId: SessionId })
const SessionEnded = Type.Object({
  t: Type.Literal('session-ended'),
  sessionId: SessionId,
  reason: EndReason,
  by: Type.Union([Role, Type.Null()]),
  endedAtMs: atMs,
})

// ---- recordings ----

/** The proof that stays [R6]: key material and data are gone. */
const RecordingDeleted = Type.Object({
  t: Type.Literal('recording-deleted'),
  sessionId: SessionId,
  /** Hash of the last entry; null where none could be read. */
  head: Type.Union([Key32, Type.Null()]),
  entries: count,
  dueAtMs: atMs,
  deletedAtMs: atMs,
})
const OpeningRequested = Type.Object({
  t: Type.Literal('opening-requested'),
  openingId: Id,
  sessionId: SessionId,
  by: AuditPerson,
  reason: Reason,
  caseNumber: CaseNumber,
})
const OpeningApproved = Type.Object({ t: Type.Literal('opening-approved'), openingId: Id, by: AuditPerson })
const OpeningDeclined = Type.Object({ t: Type.Literal('opening-declined'), openingId: Id, by: AuditPerson })
/** Sealed entries were handed out; both ends of the range are in it. */
const OpeningRead = Type.Object({
  t: Type.Literal('opening-read'),
  openingId: Id,
  by: AuditPerson,
  fromEntry: count,
  toEntry: count,
})
const OpeningEnded = Type.Object({
  t: Type.Literal('opening-ended'),
  openingId: Id,
  /** Null: by time. */
  by: Type.Union([AuditPerson, Type.Null()]),
})
const HoldRequested = Type.Object({
  t: Type.Literal('hold-requested'),
  holdId: Id,
  sessionId: SessionId,
  by: AuditPerson,
  reason: Reason,
  caseNumber: CaseNumber,
  untilMs: atMs,
})
const HoldApproved = Type.Object({ t: Type.Literal('hold-approved'), holdId: Id, by: AuditPerson })
const HoldEnded = Type.Object({
  t: Type.Literal('hold-ended'),
  holdId: Id,
  /** Null: by time. */
  by: Type.Union([AuditPerson, Type.Null()]),
})
/** Somebody took readable parts of a recording away. */
const ExportMade = Type.Object({
  t: Type.Literal('export-made'),
  openingId: Id,
  by: AuditPerson,
  fromEntry: count,
  toEntry: count,
  /** SHA-256 of the file, where there is one file. */
  fileHash: Type.Optional(Key32),
})

// ---- the operator ----

/** A command was given on the service's machine. Written before it acts: it may then have been refused. */
const Operator = Type.Object({
  t: Type.Literal('operator'),
  command: Type.String({ pattern: '^[a-z][a-z-]{0,39}$' }),
  /** Only what the command names as harmless. */
  given: Type.Record(Type.String({ pattern: '^[a-z][a-z-]{0,39}$' }), Type.String({ maxLength: 120 })),
})

export const AuditEvent = Type.Union([
  ServiceStarted,
  LogIn,
  LogOut,
  LogInRefused,
  SessionOpened,
  SessionJoined,
  SessionEnded,
  RecordingDeleted,
  OpeningRequested,
  OpeningApproved,
  OpeningDeclined,
  OpeningRead,
  OpeningEnded,
  HoldRequested,
  HoldApproved,
  HoldEnded,
  ExportMade,
  Operator,
])
export type AuditEvent = Static<typeof AuditEvent>
export type RefusedLogIns = Static<typeof LogInRefused>
/** For showing a line. A verifier does not need it: what was signed counts, also where a later version wrote it. */
export const auditEvent = codecOf(AuditEvent, 49_152)
