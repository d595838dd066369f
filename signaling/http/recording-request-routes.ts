import type { FastifyInstance, FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import {
  AskForRecording,
  DecideOnRequest,
  EntriesQuery,
  type RequestView,
  type SessionFacts,
  SessionListQuery,
} from '../../protocol/messages/recording-requests.ts'
import type { Auditor, RecordingRequest } from '../../protocol/recording-request.ts'
import { Refusal } from '../../protocol/refusals.ts'
import { lastRecorderOf } from '../../store/recorder-leases.ts'
import { holdEffects, listRequests } from '../../store/recording-requests.ts'
import { factsOfSessions, listSessionsBetween } from '../../store/session-facts.ts'
import { tellRecorder } from '../connection.ts'
import type { Hub } from '../hub.ts'
import type { VaultPart } from '../requests/vault-reads.ts'

const DAY_MS = 24 * 60 * 60 * 1000
const RequestId = Type.Object({ id: Type.String({ pattern: '^[A-Za-z0-9_-]{1,64}$' }) })
type RequestId = Static<typeof RequestId>

const FOR_AUDITORS = { config: { access: 'auditor' } } as const

/** What auditors do [R7]: ask, decide, and read what two of them agreed on. */
export function addRecordingRequestRoutes(app: FastifyInstance, hub: Hub): void {
  const { requests } = hub

  app.get('/api/recording-requests', FOR_AUDITORS, async (_request, reply) => {
    reply.header('cache-control', 'no-store')
    return { requests: await viewsOf(hub, await listRequests(hub.store)) }
  })

  app.post<{ Body: Static<typeof AskForRecording> }>(
    '/api/recording-requests',
    { ...FOR_AUDITORS, schema: { body: AskForRecording } },
    async (request) => viewOf(hub, await requests.ask(auditorOf(request), request.body)),
  )

  app.post<{ Body: Static<typeof DecideOnRequest>; Params: RequestId }>(
    '/api/recording-requests/:id',
    { ...FOR_AUDITORS, schema: { body: DecideOnRequest, params: RequestId } },
    async (request) =>
      viewOf(hub, await requests.decide(auditorOf(request), request.params.id, request.body)),
  )

  app.get<{ Querystring: Static<typeof SessionListQuery> }>(
    '/api/recorded-sessions',
    { ...FOR_AUDITORS, schema: { querystring: SessionListQuery } },
    async (request, reply) => {
      reply.header('cache-control', 'no-store')
      const fromMs = Date.parse(`${request.query.day}T00:00:00Z`)
      if (Number.isNaN(fromMs)) throw new Refusal('malformed')
      return { sessions: await listSessionsBetween(hub.store, { fromMs, toMs: fromMs + DAY_MS }) }
    },
  )

  app.get<{ Params: RequestId }>(
    '/api/openings/:id/wraps',
    { ...FOR_AUDITORS, schema: { params: RequestId } },
    async (request, reply) => {
      const opening = await requests.readable(auditorOf(request), request.params.id)
      const { bytes } = await readVault(hub, opening, { what: 'wraps', from: 0 })
      return reply.header('cache-control', 'no-store').type('application/octet-stream').send(bytes)
    },
  )

  app.get<{ Params: RequestId; Querystring: Static<typeof EntriesQuery> }>(
    '/api/openings/:id/entries',
    { ...FOR_AUDITORS, schema: { params: RequestId, querystring: EntriesQuery } },
    async (request, reply) => {
      const by = auditorOf(request)
      const opening = await requests.readable(by, request.params.id)
      const { entries, next, bytes } = await readVault(hub, opening, {
        what: 'entries',
        from: request.query.from,
      })
      if (entries) {
        const read = { openingId: opening.id, by, fromEntry: entries.from, toEntry: entries.to }
        // Before the first byte goes out: what was handed out has its line, or it was not handed out.
        await hub.audit.append({ t: 'opening-read', ...read })
      }
      if (next !== null) reply.header('x-next', String(next))
      return reply.header('cache-control', 'no-store').type('application/octet-stream').send(bytes)
    },
  )
}

function auditorOf({ account }: FastifyRequest): Auditor {
  return { id: account!.expertId, name: account!.name }
}

async function readVault(
  hub: Hub,
  { sessionId }: RecordingRequest,
  what: { readonly what: 'wraps' | 'entries'; readonly from: number },
): Promise<VaultPart> {
  const key = await lastRecorderOf(hub.store, sessionId)
  const recorder = key === null ? undefined : hub.recorders.byKey(key)
  if (!recorder) throw new Refusal('no-recorder')
  return hub.vaultReads.read((message) => tellRecorder(recorder, message), { sessionId, ...what })
}

async function viewOf(hub: Hub, request: RecordingRequest): Promise<RequestView> {
  const [view] = await viewsOf(hub, [request])
  return view!
}

async function viewsOf(hub: Hub, requests: readonly RecordingRequest[]): Promise<RequestView[]> {
  const facts = await factsOfSessions(
    hub.store,
    requests.map(({ sessionId }) => sessionId),
  )
  const effects = await holdEffects(hub.store)
  return requests.map((request) => ({
    ...viewWith(request, facts.get(request.sessionId)),
    isInEffect: effects.get(request.id) ?? null,
  }))
}

/** @param session undefined where what the service knew of it is deleted */
function viewWith(
  request: RecordingRequest,
  session: SessionFacts | undefined,
): Omit<RequestView, 'isInEffect'> {
  const { id, sessionId, kind, reason, caseNumber, askedBy, askedAtMs, untilMs, state } = request
  const gone = { sessionId, startedAtMs: 0, endedAtMs: null, expertName: '' }
  return {
    id,
    session: session ?? gone,
    kind,
    reason,
    caseNumber,
    askedBy,
    askedAtMs,
    untilMs,
    state,
    decidedBy: request.state === 'asked' ? null : request.decidedBy,
    endsAtMs: request.state === 'approved' ? request.endsAtMs : null,
    because: request.state === 'over' ? request.because : null,
    overAtMs: request.state === 'over' ? request.overAtMs : null,
  }
}
