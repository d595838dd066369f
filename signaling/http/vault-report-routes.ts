import type { FastifyInstance } from 'fastify'
import { DeletionReport, HoldReport } from '../../protocol/messages/recording-requests.ts'
import { noteHoldEffect } from '../../store/recording-requests.ts'
import { forgetSession } from '../../store/sessions.ts'
import type { Hub } from '../hub.ts'

/** What a recorder tells of its vault, and what must not be lost on the way: it tells it again until we have it. */
export function addVaultReportRoutes(app: FastifyInstance, hub: Hub): void {
  app.post<{ Body: DeletionReport }>(
    '/api/recorder/deletions',
    { config: { access: 'recorder' }, schema: { body: DeletionReport } },
    async (request, reply) => {
      const { sessionId } = request.body
      // With the recording goes what we know of the session; the line stays [R6].
      await forgetSession(hub.store, sessionId, hub.audit.line({ t: 'recording-deleted', ...request.body }))
      hub.log.info({ session: sessionId }, 'recording deleted')
      return reply.code(204).send()
    },
  )

  app.post<{ Body: HoldReport }>(
    '/api/recorder/holds',
    { config: { access: 'recorder' }, schema: { body: HoldReport } },
    async (request, reply) => {
      const { requestId, untilMs, isDone } = request.body
      await noteHoldEffect(hub.store, requestId, untilMs === null ? 'over' : 'approved', isDone)
      return reply.code(204).send()
    },
  )
}
