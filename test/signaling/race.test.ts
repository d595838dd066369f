import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { readConfig } from '../../signaling/config.ts'
import { dataFolder } from '../../signaling/data-folder.ts'
import { openStore } from '../../store/store.ts'
import { join, reattach } from './paired-session.ts'
import { EXPERT, freePort, setUpData } from './running-service.ts'
import { type Message, TestSocket } from './test-socket.ts'

const SERVER = fileURLToPath(new URL('./server-process.ts', import.meta.url))
const SEED = Number(process.env.LOTSE_RACE_SEED ?? 20_300_102)
const CLIENTS = 200
const NUMBERS = 50
const KILLS = 5
/** The number whose burn is written by a server that dies before it tells anyone. */
const UNTOLD = 3

/** mulberry32: a small seeded generator, so that a failing run can be had again. */
function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

t.test(
  `[N3] ${CLIENTS} clients race for each of ${NUMBERS} numbers while the server is killed: never two in`,
  async (t) => {
    const port = await freePort()
    const origin = `http://127.0.0.1:${port}`
    const env = {
      ...process.env,
      LOTSE_DATA: t.testdir(),
      LOTSE_ORIGIN: origin,
      LOTSE_PORT: String(port),
      LOTSE_LOG_LEVEL: 'silent',
      LOTSE_RECORDER_TOKEN: 'r'.repeat(43),
    }
    const config = readConfig(env)
    const made = await setUpData(config)

    let server!: ChildProcess
    let starts = 0
    let isOver = false
    /** Resolves when there is a server to connect to. */
    let up: Promise<unknown> = Promise.resolve()
    /** One that dies is started again, whoever killed it. The first one dies by itself, at the worst moment. */
    const start = () => {
      starts++
      const dying = starts === 1 ? { LOTSE_TEST_DIES_AT_BURN: String(UNTOLD + 1) } : {}
      server = fork(SERVER, { env: { ...env, ...dying }, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
      up = once(server, 'message')
      server.once('exit', () => {
        if (!isOver) start()
      })
      return up
    }
    const kill = async () => {
      const gone = once(server, 'exit')
      server.kill('SIGKILL')
      await gone
      await up
    }
    t.teardown(() => {
      isOver = true
      server.kill('SIGKILL')
    })
    await start()

    const connect = async (path: string, headers: Record<string, string> = {}): Promise<TestSocket> => {
      for (;;) {
        await up
        const socket = await TestSocket.open(`ws://127.0.0.1:${port}${path}`, headers).catch(() => null)
        if (socket) return socket
      }
    }
    const recorder = await connect('/ws/recorder', { authorization: `Bearer ${'r'.repeat(43)}` })
    recorder.send({ t: 'recorder.ready', key: made!.policy.recorders[0]!.key })
    const login = await fetch(`${origin}/api/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(EXPERT),
    })
    const cookie = login.headers.get('set-cookie')!.split(';')[0]!
    const sessions = await Promise.all(
      Array.from({ length: NUMBERS }, async () => {
        const expert = await connect('/ws/expert', { cookie, origin })
        return expert.ask({ t: 'session.open' }, 'session.opened')
      }),
    )

    const random = seeded(SEED)
    t.comment(`seed ${SEED}`)
    const killAt = new Map<number, { ms: number } | { answers: number }>()
    while (killAt.size < KILLS) {
      // Half of the kills come within the first milliseconds, where the burn may be written and not yet answered.
      const isEarly = killAt.size % 2 === 0
      const number = UNTOLD + 5 + Math.floor(random() * (NUMBERS - UNTOLD - 5))
      killAt.set(number, isEarly ? { ms: random() * 25 } : { answers: Math.floor(random() * CLIENTS) })
    }

    const clients = await Promise.all(Array.from({ length: CLIENTS }, () => connect('/ws/customer')))
    const winners: Message[] = []
    for (const [index, { nameplate, sessionId }] of sessions.entries()) {
      const moment = killAt.get(index)
      const startsBefore = starts
      let answers = 0
      let killing: Promise<void> | null = null
      if (moment && 'ms' in moment) killing = delay(moment.ms).then(kill)
      const attempt = async (client: number): Promise<Message> => {
        for (;;) {
          const socket = clients[client]!
          socket.send(join(nameplate))
          const answer = await socket.next('session.joined', 'refused').catch(() => null)
          if (answer) {
            if (moment && 'answers' in moment && answers++ === moment.answers) killing = kill()
            return answer
          }
          clients[client] = await connect('/ws/customer')
        }
      }
      const order = clients
        .map((_, client) => ({ client, place: random() }))
        .toSorted((a, b) => a.place - b.place)
      const results = await Promise.all(order.map(({ client }) => attempt(client)))
      await killing
      const hasDied = starts > startsBefore
      const joined = results.filter((answer) => answer.t === 'session.joined')
      if (index === UNTOLD) t.equal(joined.length, 0, 'a burn that nobody was told of lets nobody in later')
      if (joined.length > 1) t.fail(`two got into ${sessionId}`)
      if (joined.length === 0 && !hasDied) t.fail(`nobody got into ${sessionId}, and nothing had happened`)
      const refusals = new Set(results.filter((answer) => answer.t === 'refused').map(({ code }) => code))
      t.same([...refusals], ['number-used'], `the others of number ${index} were told that it is used`)
      for (const winner of joined) {
        t.equal(winner.sessionId, sessionId)
        winners.push(winner)
        const { client } = order[results.indexOf(winner)]!
        // It stays in the session; the race goes on with another in its place.
        clients[client]!.cut()
        clients[client] = await connect('/ws/customer')
      }
    }
    t.equal(starts, 1 + 1 + KILLS, 'the server died as often as planned')
    const lostToKills = NUMBERS - winners.length
    t.comment(`${lostToKills} numbers were burned with nobody in`)
    t.ok(lostToKills <= KILLS + 1)

    const store = await openStore(dataFolder(config.dataFolder).database)
    t.teardown(() => store.close())
    const rows = await store.run((db) =>
      db('sessions').select('state', 'burned_at_ms', 'customer_token_hash'),
    )
    t.equal(rows.filter(({ burned_at_ms: at, customer_token_hash: hash }) => at && hash).length, NUMBERS)

    await kill()
    const lucky = await connect('/ws/customer')
    await lucky.ask(reattach(winners[0]!), 'session.reattached')
    const late = await connect('/ws/customer')
    for (const { nameplate } of sessions) {
      late.send(join(nameplate))
      t.equal(await late.refusal(), 'number-used')
    }
    for (const socket of [...clients, lucky, late]) socket.cut()
  },
)
