import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { buildApp, type Replaceable } from '../../signaling/app.ts'
import { type Config, readConfig } from '../../signaling/config.ts'
import { dataFolder } from '../../signaling/data-folder.ts'
import { addAccount } from '../../signaling/operator/accounts.ts'
import { makeRecordingKeys } from '../../signaling/operator/recording-keys.ts'
import { TestSocket } from './test-socket.ts'

export const EXPERT = { name: 'Erika Beispiel', team: 'IT', password: 'correct horse battery' }

export interface RunningService {
  readonly app: FastifyInstance
  readonly config: Config
  readonly origin: string
  /** The public keys of the policy; null where there is none. */
  readonly operatorKey: string | null
  readonly recorderKey: string
  /** All lines of the log so far. */
  readonly log: () => string
  /** Logs the expert in and returns the cookie. */
  login(credentials?: { name: string; password: string }): Promise<string>
  /** Sockets that are ready to speak. */
  expert(cookie?: string): Promise<TestSocket>
  customer(): Promise<TestSocket>
  /** Connected and, unless told otherwise, ready with the key of the policy. */
  recorder(key?: string | null): Promise<TestSocket>
  socket(path: string, headers?: Record<string, string>): Promise<TestSocket>
  stop(): Promise<void>
}

export interface ServiceOptions {
  readonly dataFolder: string
  readonly replaced?: Partial<Replaceable>
  readonly env?: Record<string, string>
  /** False: the operator has not made recording keys. */
  readonly keys?: boolean
  /** Further accounts beside `EXPERT`. */
  readonly experts?: readonly { name: string; team: string; password: string }[]
}

/** A port nobody uses now. The origin has to be known before the service listens. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** A new data folder with keys, a policy and an expert. Returns the public keys that clients pin. */
export async function setUpData(
  config: Config,
  { keys = true, experts = [] }: Pick<ServiceOptions, 'keys' | 'experts'> = {},
) {
  for (const expert of [EXPERT, ...experts]) await addAccount(config, expert)
  return keys ? await makeRecordingKeys(config, { operatorName: 'Tests' }) : null
}

/** The whole service in this process, on a free port, over real sockets. */
export async function startService(options: ServiceOptions): Promise<RunningService> {
  const port = await freePort()
  const config = readConfig({
    LOTSE_DATA: options.dataFolder,
    LOTSE_ORIGIN: `http://127.0.0.1:${port}`,
    LOTSE_PORT: String(port),
    ...options.env,
  })
  const made = await setUpData(config, options)
  return runService(config, options.replaced, {
    operatorKey: made?.operatorKey ?? null,
    recorderKey: made ? made.policy.recorders[0]!.key : 'R'.repeat(43),
  })
}

/** Starts again on data that is there; the restart of a test. */
export async function runService(
  config: Config,
  replaced: Partial<Replaceable> | undefined,
  keys: { operatorKey: string | null; recorderKey: string },
): Promise<RunningService> {
  const lines: string[] = []
  const logTo = { write: (line: string) => void lines.push(line) }
  const app = await buildApp(config, { logTo, ...replaced })
  await app.listen({ host: config.host, port: config.port })
  const { origin } = config
  const socket = (path: string, headers: Record<string, string> = {}) =>
    TestSocket.open(`ws://127.0.0.1:${config.port}${path}`, headers)
  const login = async ({ name, password } = EXPERT as { name: string; password: string }) => {
    const reply = await app.inject({ method: 'POST', url: '/api/login', payload: { name, password } })
    if (reply.statusCode !== 200) throw new Error(`log-in failed: ${reply.body}`)
    return String(reply.headers['set-cookie']).split(';')[0]!
  }
  return {
    app,
    config,
    origin,
    operatorKey: keys.operatorKey,
    recorderKey: keys.recorderKey,
    log: () => lines.join(''),
    login,
    socket,
    expert: async (cookie) => socket('/ws/expert', { cookie: cookie ?? (await login()), origin }),
    customer: () => socket('/ws/customer'),
    recorder: async (key = keys.recorderKey) => {
      const token = readFileSync(dataFolder(config.dataFolder).recorderToken, 'utf8').trim()
      const recorder = await socket('/ws/recorder', { authorization: `Bearer ${token}` })
      if (key !== null) await readied(recorder, key)
      return recorder
    },
    stop: () => app.close(),
  }
}

/** There is no answer to being ready; a second attempt is refused once the first has been handled. */
async function readied(recorder: TestSocket, key: string): Promise<void> {
  recorder.send({ t: 'recorder.ready', key })
  recorder.send({ t: 'recorder.ready', key })
  await recorder.next('refused')
}
