import type { FastifyInstance } from 'fastify'
import { countLiveSessions } from '../../store/sessions.ts'
import type { Hub } from '../hub.ts'

/** What anyone may know: that the service works, and what its operator vouches for. */
export function addStatusRoutes(app: FastifyInstance, hub: Hub): void {
  app.get('/healthz', { config: { access: 'public' } }, async (_request, reply) => {
    reply.header('cache-control', 'no-store')
    // The answer is only that the database answers; how busy we are is nobody's business.
    await countLiveSessions(hub.store)
    return { status: 'ok' }
  })

  app.get('/api/policy', { config: { access: 'public' } }, async (_request, reply) => {
    reply.header('cache-control', 'no-store')
    return (await hub.policy.current()).signed
  })
}
