import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Refusal } from '../../protocol/refusals.ts'
import { findLogin } from '../../store/logins.ts'
import type { Store } from '../../store/store.ts'
import type { Clock } from '../clock.ts'
import type { AccountLogin } from '../connection.ts'
import { hashOfToken, tokenFits } from '../keys/token.ts'

/** Who may use a route. `account`: anyone who is logged in; `recorder`: who holds the recorder's token. */
export const ACCESS = ['public', 'account', 'expert', 'auditor', 'recorder'] as const
export type Access = (typeof ACCESS)[number]

/** `__Host-`: the browser takes it only with Secure, for this host alone and every path (RFC 6265bis, 4.1.3.2). */
export const LOGIN_COOKIE = '__Host-lotse'

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access
  }
  interface FastifyRequest {
    /** Who is logged in; set where the route is for accounts. */
    account: AccountLogin | null
    /** Why an upgraded socket is sent away again. */
    refusedWith: Refusal | null
  }
}

/** Stops the start for any route that declares nothing [S1]. Comes before every plugin, so that theirs count too. */
export function requireDeclaredAccess(app: FastifyInstance): void {
  app.addHook('onRoute', ({ method, url, config }) => {
    if (config?.access === undefined || !ACCESS.includes(config.access))
      throw new Error(`The route ${String(method)} ${url} declares no access: add config.access [S1].`)
  })
}

export interface Guards {
  readonly store: Store
  readonly clock: Clock
  readonly origin: string
  readonly recorderTokenHash: string
}

/** The one place where a request is let in or not. */
export function guardAccess(app: FastifyInstance, guards: Guards): void {
  app.decorateRequest('account', null)
  app.decorateRequest('refusedWith', null)
  app.addHook('onRequest', async (request) => {
    const refusal = originRefusal(request, guards.origin) ?? (await callerRefusal(request, guards))
    if (!refusal) return
    // A page can't see why an upgrade failed. So the socket opens, is told the code, and is closed with it.
    if (request.ws) request.refusedWith = refusal
    else throw refusal
  })
}

const READING = new Set(['GET', 'HEAD', 'OPTIONS'])

/** Another page's script may open sockets and send forms from the browser of an expert who is logged in. */
function originRefusal(request: FastifyRequest, ours: string): Refusal | null {
  const { origin } = request.headers
  if (!request.ws && READING.has(request.method)) return null
  const isFromBrowser = request.ws && request.routeOptions.config.access === 'expert'
  const isOurs = origin === undefined ? !isFromBrowser : origin === ours
  return isOurs ? null : new Refusal('wrong-origin')
}

async function callerRefusal(request: FastifyRequest, guards: Guards): Promise<Refusal | null> {
  // The page for what is not there has no route and gives nothing away.
  const access: Access | undefined = request.is404 ? 'public' : request.routeOptions.config.access
  switch (access) {
    case 'public':
      return null
    case 'account':
    case 'expert':
    case 'auditor': {
      const token = request.cookies[LOGIN_COOKIE]
      const tokenHash = token ? hashOfToken(token) : ''
      const login = token ? await findLogin(guards.store, tokenHash, guards.clock.nowMs()) : null
      if (!login) return new Refusal('not-logged-in')
      const { expertId, name, team, role } = login
      if (access !== 'account' && role !== access) return new Refusal('not-allowed')
      request.account = { tokenHash, expertId, name, team, role }
      return null
    }
    case 'recorder': {
      const token = /^Bearer ([A-Za-z0-9_-]+)$/.exec(request.headers.authorization ?? '')?.[1]
      return tokenFits(token ?? '', guards.recorderTokenHash) ? null : new Refusal('not-logged-in')
    }
    case undefined:
      return new Refusal('not-allowed')
  }
}
