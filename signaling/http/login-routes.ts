import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { Refusal } from '../../protocol/refusals.ts'
import { nameKey } from '../../store/expert-name.ts'
import { type Expert, findExpertByName } from '../../store/experts.ts'
import { createLogin, forgetExpiredLogins, revokeLogin } from '../../store/logins.ts'
import type { Hub } from '../hub.ts'
import { PasswordCheck } from '../keys/password.ts'
import { hashOfToken, makeToken } from '../keys/token.ts'
import { addressBlock } from '../limits/address-block.ts'
import { GuessLimit } from '../limits/guess-limit.ts'
import type { Limits } from '../limits/limits.ts'
import { LOGIN_COOKIE } from './access.ts'

/** A working day; then the password is asked for again. */
export const LOGIN_LIFETIME_MS = 12 * 60 * 60 * 1000

const Credentials = Type.Object({
  name: Type.String({ minLength: 1, maxLength: 80 }),
  password: Type.String({ minLength: 1, maxLength: 256 }),
})

type Credentials = Static<typeof Credentials>

const COOKIE = { path: '/', secure: true, httpOnly: true, sameSite: 'strict' } as const

/** Log-in, log-out, and who is logged in. */
export function addLoginRoutes(app: FastifyInstance, hub: Hub, limits: Limits): void {
  const { store, clock, audit, refusedLogins } = hub
  const passwords = new PasswordCheck()
  // Not @fastify/rate-limit: only failures may count, and only our own limit gives back what a success took.
  const failures = new GuessLimit({ block: limits.loginsPerBlock, name: limits.loginsPerName }, clock)

  /** @throws Refusal wrong-credentials, slow-down; the audit log counts both [R7] */
  const expertWith = async ({ name, password }: Credentials, address: string): Promise<Expert> => {
    try {
      const wasRight = failures.attempt({ block: addressBlock(address), name: nameKey(name) })
      const expert = await findExpertByName(store, name)
      const fits = await passwords.fits(password, expert?.passwordHash ?? null)
      if (expert && fits && !expert.disabled) {
        wasRight()
        return expert
      }
      refusedLogins.note(expert && { id: expert.id, name: expert.name })
    } catch (error) {
      if (error instanceof Refusal && error.code === 'slow-down') refusedLogins.noteSlowed()
      throw error
    }
    throw new Refusal('wrong-credentials')
  }

  app.post<{ Body: Credentials }>(
    '/api/login',
    { config: { access: 'public' }, schema: { body: Credentials } },
    async (request, reply) => {
      const expert = await expertWith(request.body, request.ip)

      const nowMs = clock.nowMs()
      await forgetExpiredLogins(store, nowMs)
      const token = makeToken()
      const login = { tokenHash: hashOfToken(token), expertId: expert.id, nowMs }
      const line = audit.line({ t: 'log-in', expert: { id: expert.id, name: expert.name } })
      await createLogin(store, { ...login, expiresAtMs: nowMs + LOGIN_LIFETIME_MS }, line)
      await endLogin(hub, request.cookies[LOGIN_COOKIE])
      hub.log.info({ expert: expert.id }, 'expert logged in')
      reply.setCookie(LOGIN_COOKIE, token, { ...COOKIE, maxAge: LOGIN_LIFETIME_MS / 1000 })
      return { name: expert.name, team: expert.team }
    },
  )

  app.post('/api/logout', { config: { access: 'public' } }, async (request, reply) => {
    await endLogin(hub, request.cookies[LOGIN_COOKIE])
    reply.clearCookie(LOGIN_COOKIE, COOKIE)
    return reply.code(204).send()
  })

  app.get('/api/me', { config: { access: 'account' } }, async (request) => {
    const { expertId, name, team, role } = request.account!
    const unready = await hub.unreadiness()
    const retentionDays = await hub.policy.current().then(
      ({ content }) => content.retentionDays,
      () => undefined,
    )
    return {
      id: expertId,
      name,
      team,
      role,
      canStart: unready === null,
      whyNot: unready?.code ?? null,
      retentionDays,
    }
  })
}

async function endLogin(hub: Hub, token: string | undefined): Promise<void> {
  if (!token) return
  const tokenHash = hashOfToken(token)
  await revokeLogin(hub.store, tokenHash, (expert) => hub.audit.line({ t: 'log-out', expert }))
  hub.loggedOut(tokenHash)
}
