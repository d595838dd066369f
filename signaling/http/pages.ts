import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Refusal } from '../../protocol/refusals.ts'

const NOT_BUILT =
  'The pages of this service have not been built yet. On the machine it runs on, run: npm run build\n'

/** `dist/expert-ui` of this package, whether this file runs from its source or from `dist/`. */
export function builtPages(): string {
  let folder = dirname(fileURLToPath(import.meta.url))
  while (!existsSync(join(folder, 'package.json'))) {
    if (folder === dirname(folder)) throw new Error('the folder of the package was not found')
    folder = dirname(folder)
  }
  return join(folder, 'dist', 'expert-ui')
}

/** The pages of `expert-ui/`. Everything that is not another route is looked for here. */
export async function addPages(app: FastifyInstance, folder: string): Promise<void> {
  // Its own routes would declare no access, so it only sends files and the route is ours [S1].
  await app.register(fastifyStatic, {
    serve: false,
    root: folder,
    dotfiles: 'ignore',
    extensions: ['html'],
    cacheControl: false,
    setHeaders(response, path) {
      // Vite puts a hash of the content into these names; every other file may change with the next version.
      const isHashed = path.startsWith(join(folder, 'assets'))
      response.setHeader('cache-control', isHashed ? 'public, max-age=31536000, immutable' : 'no-cache')
    },
  })
  const noSocketHere = async ({ ws }: FastifyRequest) => {
    if (ws) throw new Refusal('not-found')
  }
  const options = { config: { access: 'public' }, onRequest: noSocketHere } as const
  app.get<{ Params: { '*': string } }>('/*', options, async (request, reply) => {
    const path = request.params['*']
    if (path === '' && !existsSync(join(folder, 'index.html')))
      return reply.code(503).type('text/plain; charset=utf-8').send(NOT_BUILT)
    return reply.sendFile(path === '' ? 'index.html' : path)
  })
}
