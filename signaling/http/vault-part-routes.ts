import type { Readable } from 'node:stream'
import { finished } from 'node:stream/promises'
import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { Refusal, RefusalCodeSchema } from '../../protocol/refusals.ts'
import type { Hub } from '../hub.ts'
import type { VaultPart } from '../requests/vault-reads.ts'

/** A chunk of at most this much, or one entry alone: the largest record is a keyframe of several 4K monitors. */
const MOST_BYTES = 64 * 1024 * 1024

const ReadId = Type.Object({ readId: Type.String({ pattern: '^[A-Za-z0-9_-]{22}$' }) })
const number = Type.String({ pattern: '^\\d{1,10}$' })
const Heads = Type.Object({
  'x-from': Type.Optional(number),
  'x-to': Type.Optional(number),
  'x-next': Type.Optional(number),
})
const Refused = Type.Object({ code: RefusalCodeSchema })

/** Where a recorder brings what it was asked for over its socket. */
export function addVaultPartRoutes(app: FastifyInstance, hub: Hub): void {
  app.register(async (routes) => {
    // Passed on as it comes: neither memory nor disk of this process ever holds a part.
    routes.addContentTypeParser('application/octet-stream', (_request, payload, done) => done(null, payload))

    routes.post<{ Params: Static<typeof ReadId>; Headers: Static<typeof Heads>; Body: Readable }>(
      '/api/recorder/reads/:readId',
      {
        config: { access: 'recorder' },
        bodyLimit: MOST_BYTES,
        schema: { params: ReadId, headers: Heads },
      },
      async (request, reply) => {
        const part = partOf(request.headers, request.body)
        if (!hub.vaultReads.arrived(request.params.readId, part)) throw new Refusal('not-found')
        // Whoever reads may go away: then the recorder's request ends with an error, and so does its reading.
        await finished(request.body)
        return reply.code(204).send()
      },
    )

    routes.post<{ Params: Static<typeof ReadId>; Body: Static<typeof Refused> }>(
      '/api/recorder/reads/:readId/refused',
      { config: { access: 'recorder' }, schema: { params: ReadId, body: Refused } },
      async (request, reply) => {
        hub.vaultReads.refused(request.params.readId, request.body.code)
        return reply.code(204).send()
      },
    )
  })
}

function partOf(heads: Static<typeof Heads>, bytes: Readable): VaultPart {
  const from = heads['x-from']
  const to = heads['x-to']
  const next = heads['x-next']
  return {
    entries: from === undefined || to === undefined ? null : { from: Number(from), to: Number(to) },
    next: next === undefined ? null : Number(next),
    bytes,
  }
}
