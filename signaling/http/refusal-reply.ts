import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Refusal, type RefusalCode } from '../../protocol/refusals.ts'
import { StorageFailure } from '../../store/store.ts'

const HTTP_STATUS: Record<RefusalCode, number> = {
  malformed: 400,
  'too-large': 413,
  'unknown-type': 400,
  'not-allowed': 403,
  'not-logged-in': 401,
  'wrong-credentials': 401,
  'wrong-origin': 403,
  'wrong-state': 409,
  'slow-down': 429,
  'not-found': 404,
  'number-unknown': 404,
  'number-used': 410,
  'number-expired': 410,
  'session-over': 410,
  'peer-absent': 409,
  'service-full': 503,
  'no-recording-keys': 503,
  'no-recorder': 503,
  'storage-failed': 503,
  internal: 500,
}

/** Every refusal over HTTP is the message of `protocol/refusals.ts`; no stack, no wording of a library gets out. */
export function answerWithRefusal(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  const refusal = refusalOf(error)
  if (refusal.code === 'internal') request.log.error({ err: error }, 'a fault in the service')
  if (refusal.code === 'storage-failed') request.log.warn({ code: error.code }, 'the database failed')
  if (refusal.retryAfterSeconds !== undefined) reply.header('retry-after', refusal.retryAfterSeconds)
  reply.code(HTTP_STATUS[refusal.code]).send(refusal.toMessage())
}

export function answerWithRefusals(app: FastifyInstance, notFoundPerMinute: number): void {
  app.setErrorHandler(answerWithRefusal)
  // Whoever tries many addresses that aren't there is looking for something.
  const limited = app.rateLimit({
    max: notFoundPerMinute,
    timeWindow: 60_000,
    errorResponseBuilder: (_request, { ttl }) => new Refusal('slow-down', Math.max(1, Math.ceil(ttl / 1000))),
  })
  app.setNotFoundHandler({ preHandler: limited }, async () => {
    throw new Refusal('not-found')
  })
}

function refusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error
  if (error instanceof StorageFailure) return new Refusal('storage-failed')
  const { statusCode } = error as Partial<FastifyError>
  if (statusCode === 413) return new Refusal('too-large')
  // Everything else of the caller's: not JSON, not the schema, a media type we don't take.
  return statusCode !== undefined && statusCode >= 400 && statusCode < 500
    ? new Refusal('malformed')
    : new Refusal('internal')
}
