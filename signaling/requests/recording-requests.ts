import { nanoid } from 'nanoid'
import type { AuditEvent } from '../../protocol/messages/audit-event.ts'
import type { AskForRecording, DecideOnRequest } from '../../protocol/messages/recording-requests.ts'
import {
  type Auditor,
  isFault,
  mayRead,
  type RecordingRequest,
  type RequestEvent,
  type RequestFault,
  stepRequest,
} from '../../protocol/recording-request.ts'
import { Refusal, type RefusalCode } from '../../protocol/refusals.ts'
import {
  addRequest,
  getRequest,
  listOpenRequests,
  stepStoredRequest,
} from '../../store/recording-requests.ts'
import { getSession } from '../../store/sessions.ts'
import type { Store } from '../../store/store.ts'
import type { AuditLog } from '../audit/audit-log.ts'
import type { Clock } from '../clock.ts'

/** The longest that anyone may keep a recording beyond its time; a longer case needs a new decision. */
const LONGEST_HOLD_MS = 3 * 365 * 24 * 60 * 60 * 1000

const REFUSED_AS: Record<RequestFault, RefusalCode> = {
  'own-request': 'not-allowed',
  'not-theirs': 'not-allowed',
  'wrong-state': 'wrong-state',
}

export interface RecordingRequestsOptions {
  readonly store: Store
  readonly audit: AuditLog
  readonly clock: Clock
}

/** Who asked for what recording, and what became of it [R7]. Nothing is true before its line of the audit log is. */
export class RecordingRequests {
  readonly #options: RecordingRequestsOptions

  constructor(options: RecordingRequestsOptions) {
    this.#options = options
  }

  /** @throws Refusal not-found where nobody ever joined such a session, malformed for a hold without a fair end */
  async ask(askedBy: Auditor, { sessionId, kind, reason, caseNumber, untilMs }: AskForRecording) {
    const { store, audit, clock } = this.#options
    const session = await getSession(store, sessionId)
    if (!session || session.state === 'waiting' || session.burnedAtMs === null) throw new Refusal('not-found')
    const askedAtMs = clock.nowMs()
    const isHold = kind === 'hold'
    const isFair = untilMs !== undefined && untilMs > askedAtMs && untilMs <= askedAtMs + LONGEST_HOLD_MS
    if (isHold !== (untilMs !== undefined) || (isHold && !isFair)) throw new Refusal('malformed')
    const request: RecordingRequest = {
      id: nanoid(22),
      sessionId,
      kind,
      reason: reason.trim(),
      caseNumber: caseNumber.trim(),
      askedBy,
      askedAtMs,
      untilMs: untilMs ?? null,
      state: 'asked',
    }
    await addRequest(store, request, audit.line(askedLine(request)))
    return request
  }

  /** @throws Refusal not-found, wrong-state, not-allowed where it is not this person's to decide */
  async decide(by: Auditor, id: string, { t }: DecideOnRequest): Promise<RecordingRequest> {
    const before = await this.#get(id)
    return this.#step(before, { t, by, atMs: this.#options.clock.nowMs() }, by)
  }

  /** The request, where this person may read its recording now. @throws Refusal not-found, not-allowed */
  async readable(by: Auditor, id: string): Promise<RecordingRequest> {
    const request = await this.#get(id)
    if (!mayRead(request, by.id, this.#options.clock.nowMs())) throw new Refusal('not-allowed')
    return request
  }

  /** Ends what time has ended, each with its line. */
  async sweep(): Promise<void> {
    const atMs = this.#options.clock.nowMs()
    for (const before of await listOpenRequests(this.#options.store)) {
      const after = stepRequest(before, { t: 'time', atMs })
      if (!isFault(after) && after.state !== before.state) await this.#write(before, after, null)
    }
  }

  async #get(id: string): Promise<RecordingRequest> {
    const request = await getRequest(this.#options.store, id)
    if (!request) throw new Refusal('not-found')
    return request
  }

  async #step(before: RecordingRequest, event: RequestEvent, by: Auditor): Promise<RecordingRequest> {
    const after = stepRequest(before, event)
    if (isFault(after)) throw new Refusal(REFUSED_AS[after])
    if (!(await this.#write(before, after, by))) throw new Refusal('wrong-state')
    return after
  }

  #write(before: RecordingRequest, after: RecordingRequest, by: Auditor | null): Promise<boolean> {
    const line = this.#options.audit.line(stepLine(after, by))
    return stepStoredRequest(this.#options.store, { before, after }, line)
  }
}

function askedLine({
  id,
  sessionId,
  kind,
  askedBy: by,
  reason,
  caseNumber,
  untilMs,
}: RecordingRequest): AuditEvent {
  const asked = { sessionId, by, reason, caseNumber }
  return kind === 'hold'
    ? { t: 'hold-requested', holdId: id, ...asked, untilMs: untilMs! }
    : { t: 'opening-requested', openingId: id, ...asked }
}

function stepLine(after: RecordingRequest, by: Auditor | null): AuditEvent {
  const { id, kind } = after
  if (after.state === 'approved') {
    return kind === 'hold'
      ? { t: 'hold-approved', holdId: id, by: after.decidedBy }
      : { t: 'opening-approved', openingId: id, by: after.decidedBy }
  }
  if (kind === 'hold') return { t: 'hold-ended', holdId: id, by }
  const isDeclined = after.state === 'over' && after.because === 'declined'
  return isDeclined && by
    ? { t: 'opening-declined', openingId: id, by }
    : { t: 'opening-ended', openingId: id, by }
}
