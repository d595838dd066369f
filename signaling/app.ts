import cookie from '@fastify/cookie'
import rateLimit from '@fastify/rate-limit'
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify'
import type { DestinationStream } from 'pino'
import { openStore, type Store } from '../store/store.ts'
import { type Clock, systemClock } from './clock.ts'
import type { Config } from './config.ts'
import { dataFolder, makeFolders } from './data-folder.ts'
import { guardAccess, requireDeclaredAccess } from './http/access.ts'
import { addLoginRoutes } from './http/login-routes.ts'
import { addPages, builtPages } from './http/pages.ts'
import { answerWithRefusal, answerWithRefusals } from './http/refusal-reply.ts'
import { addSecurityHeaders } from './http/security-headers.ts'
import { addStatusRoutes } from './http/status-routes.ts'
import { Hub } from './hub.ts'
import { makeSeed, publicKeyOf, signDocument, signingKey } from './keys/ed25519.ts'
import { readOrMakeSecret } from './keys/secret-file.ts'
import { hashOfToken, makeToken } from './keys/token.ts'
import { LIMITS, type Limits } from './limits/limits.ts'
import { makeLog } from './log.ts'
import { PolicyFile } from './policy-file.ts'
import { addSockets, takeSockets } from './sockets/routes.ts'

/** What a test may put in the place of the real thing. */
export interface Replaceable {
  readonly clock: Clock
  readonly limits: Limits
  readonly logTo: DestinationStream
  readonly pagesFolder: string
  readonly store: Store
  /** How long an end may be away before its session ends. */
  readonly graceMs: number
  readonly pingEveryMs: number
}

const LOGIN_BODY_BYTES = 4 * 1024

/**
 * The whole service, ready to `listen` or `inject`. It opens and closes its database, makes what keys it lacks, and
 * goes on with the sessions it finds.
 */
export async function buildApp(
  config: Config,
  replaced: Partial<Replaceable> = {},
): Promise<FastifyInstance> {
  const { clock = systemClock, limits = LIMITS, graceMs = 60_000, pingEveryMs = 5_000 } = replaced
  const files = dataFolder(config.dataFolder)
  makeFolders(config.dataFolder, ['signaling'])
  const cardKey = signingKey(readOrMakeSecret(files.cardKey, makeSeed))
  const recorderToken = config.recorderToken ?? readOrMakeSecret(files.recorderToken, makeToken)
  const store = replaced.store ?? (await openStore(files.database))
  const log: FastifyBaseLogger = makeLog(config.logLevel, replaced.logTo)

  const app = Fastify({
    loggerInstance: log,
    // A line for each request would tell who asked for what; steps of sessions are logged instead [S5].
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy: config.trustProxy.length > 0 ? config.trustProxy : false,
    bodyLimit: LOGIN_BODY_BYTES,
    requestTimeout: 30_000,
    forceCloseConnections: true,
    frameworkErrors: answerWithRefusal,
  })
  const expected = { origin: config.origin, cardKey: publicKeyOf(cardKey) }
  const policy = new PolicyFile(files.policy, expected, (sentence) => log.warn(sentence))
  const sign = (context: string, document: string) => signDocument(cardKey, context, document)
  const auditHead = async () => null
  const { iceServers } = config
  const hub = new Hub({
    store,
    clock,
    log,
    limits,
    policy,
    iceServers,
    graceMs,
    pingEveryMs,
    sign,
    auditHead,
  })

  requireDeclaredAccess(app)
  await addSecurityHeaders(app, config.origin)
  await app.register(cookie)
  await app.register(rateLimit, { global: false })
  await takeSockets(app, () => hub.close())
  const recorderTokenHash = hashOfToken(recorderToken)
  guardAccess(app, { store, clock, origin: config.origin, recorderTokenHash })
  answerWithRefusals(app, limits.notFoundPerMinute)
  addStatusRoutes(app, hub)
  addLoginRoutes(app, hub, limits)
  addSockets(app, hub, limits)
  await addPages(app, replaced.pagesFolder ?? builtPages())

  app.addHook('onReady', () => hub.start())
  app.addHook('onClose', () => store.close())
  return app
}
