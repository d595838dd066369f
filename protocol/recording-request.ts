/**
 * What one person asks for about one recording, and another decides [R7]: to open it, to give the customer a copy
 * (GDPR, Art. 15), or to keep it beyond its time. Pure: time and people come in as values.
 */
export const REQUEST_KINDS = ['open', 'export', 'hold'] as const
export type RequestKind = (typeof REQUEST_KINDS)[number]

export interface Auditor {
  readonly id: string
  readonly name: string
}

interface Asked {
  readonly id: string
  readonly sessionId: string
  readonly kind: RequestKind
  readonly reason: string
  readonly caseNumber: string
  readonly askedBy: Auditor
  readonly askedAtMs: number
  /** Of a hold: until when. */
  readonly untilMs: number | null
}

export const OVER_REASONS = ['declined', 'withdrawn', 'unanswered', 'done', 'time'] as const
export type OverReason = (typeof OVER_REASONS)[number]

export type RecordingRequest = Asked &
  (
    | { readonly state: 'asked' }
    | {
        readonly state: 'approved'
        readonly decidedBy: Auditor
        readonly decidedAtMs: number
        readonly endsAtMs: number
      }
    | {
        readonly state: 'over'
        readonly because: OverReason
        /** Null where nobody decided. */
        readonly decidedBy: Auditor | null
        readonly overAtMs: number
      }
  )

export type RequestEvent =
  | { readonly t: 'approve' | 'decline' | 'withdraw' | 'close'; readonly by: Auditor; readonly atMs: number }
  | { readonly t: 'time'; readonly atMs: number }

/** Why an event is refused; nothing has changed then. */
export type RequestFault =
  /** Two different people are needed. */
  'own-request' | 'not-theirs' | 'wrong-state'

/** Long enough to look at an hour's session with both people present; then a new request is needed. */
export const OPEN_FOR_MS = 2 * 60 * 60 * 1000
/** A reason that nobody agreed to for so long is none any more. */
export const ANSWER_WITHIN_MS = 7 * 24 * 60 * 60 * 1000

export function isFault(step: RecordingRequest | RequestFault): step is RequestFault {
  return typeof step === 'string'
}

/** What has run out by itself is over first, so that nobody approves or closes what has ended. */
export function stepRequest(before: RecordingRequest, event: RequestEvent): RecordingRequest | RequestFault {
  const request = afterTime(before, event.atMs)
  switch (event.t) {
    case 'time':
      return request
    case 'approve':
    case 'decline':
      if (request.state !== 'asked') return 'wrong-state'
      if (event.by.id === request.askedBy.id) return 'own-request'
      return event.t === 'approve'
        ? approved(request, event.by, event.atMs)
        : over(request, 'declined', event.by, event.atMs)
    case 'withdraw':
      if (request.state !== 'asked') return 'wrong-state'
      return event.by.id === request.askedBy.id ? over(request, 'withdrawn', null, event.atMs) : 'not-theirs'
    case 'close':
      if (request.state !== 'approved') return 'wrong-state'
      return mayUse(request, event.by.id)
        ? over(request, 'done', request.decidedBy, event.atMs)
        : 'not-theirs'
  }
}

/** Whether this person may read the recording now: the two who agreed on it, while its time runs. */
export function mayRead(request: RecordingRequest, auditorId: string, nowMs: number): boolean {
  const now = afterTime(request, nowMs)
  return now.state === 'approved' && now.kind !== 'hold' && mayUse(now, auditorId)
}

function mayUse(request: RecordingRequest & { state: 'approved' }, auditorId: string): boolean {
  return auditorId === request.askedBy.id || auditorId === request.decidedBy.id
}

function afterTime(request: RecordingRequest, nowMs: number): RecordingRequest {
  if (request.state === 'asked' && nowMs >= request.askedAtMs + ANSWER_WITHIN_MS)
    return over(request, 'unanswered', null, request.askedAtMs + ANSWER_WITHIN_MS)
  if (request.state === 'approved' && nowMs >= request.endsAtMs)
    return over(request, 'time', request.decidedBy, request.endsAtMs)
  return request
}

function approved(request: RecordingRequest, decidedBy: Auditor, decidedAtMs: number): RecordingRequest {
  const endsAtMs = request.untilMs ?? decidedAtMs + OPEN_FOR_MS
  return { ...asked(request), state: 'approved', decidedBy, decidedAtMs, endsAtMs }
}

function over(
  request: RecordingRequest,
  because: OverReason,
  decidedBy: Auditor | null,
  overAtMs: number,
): RecordingRequest {
  return { ...asked(request), state: 'over', because, decidedBy, overAtMs }
}

function asked({
  id,
  sessionId,
  kind,
  reason,
  caseNumber,
  askedBy,
  askedAtMs,
  untilMs,
}: RecordingRequest): Asked {
  return { id, sessionId, kind, reason, caseNumber, askedBy, askedAtMs, untilMs }
}
