import { type ChildProcess, fork } from 'node:child_process'
import { WebSocket } from 'ws'
import { systemClock } from '../peer/clock.ts'
import { SignalingClient, type WebSocketLike } from '../peer/signaling-client.ts'
import { customerToServer, serverToCustomer } from '../protocol/messages/signaling.ts'
import { releaseHeld } from './desktop/release-held.ts'
import { type AgentSettings, readSettings } from './settings.ts'

/**
 * The small parent: it starts the agent, and where the agent dies without a goodbye it says one, so that the expert
 * and the recorder are not left waiting, and lets go of what was held down on the customer's screen. The watermark
 * needs no help: the X server takes it away with the process.
 */

interface SessionCredentials {
  readonly sessionId: string
  readonly token: string
}

/** Longest time to reach the server with the news that the agent died. */
const CRASH_REPORT_MS = 5_000

const settings = settingsOrExit()
const agentFile = import.meta.url.endsWith('.ts') ? './agent-process.ts' : './agent-process.js'
let session: SessionCredentials | null = null

// An earlier client that was killed together with its parent may have left a key down.
await releaseHeld()

/**
 * The many threads that code the picture would each keep a heap of their own (glibc), and V8 leaves garbage lying while
 * there is room: together 100 MB that a customer's old computer needs for something else (bench/picture.md).
 */
const FRUGAL = { MALLOC_ARENA_MAX: '2', MALLOC_TRIM_THRESHOLD_: '8388608', MALLOC_MMAP_THRESHOLD_: '4194304' }
const FRUGAL_V8 = ['--max-semi-space-size=4']

const child = fork(new URL(agentFile, import.meta.url), {
  execArgv: [...process.execArgv, ...FRUGAL_V8],
  env: { ...process.env, ...FRUGAL, LOTSE_AGENT_SETTINGS: JSON.stringify(settings) },
  stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
})
child.on('message', (message) => {
  session = message as SessionCredentials | null
})
child.on('exit', (code, signal) => void leave(code, signal))
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => askToEnd(child))

function askToEnd(agent: ChildProcess): void {
  if (agent.connected) agent.send('end')
}

async function leave(code: number | null, signal: NodeJS.Signals | null): Promise<void> {
  // First of all: a key that a dead agent left down would go on typing on the customer's screen [K5].
  if (code !== 0) await releaseHeld()
  if (session) {
    console.error(
      `The client stopped unexpectedly (${signal ?? `code ${code}`}). Nobody sees this screen any more.`,
    )
    await reportCrash(session)
  }
  process.exit(code ?? 1)
}

function reportCrash({ sessionId, token }: SessionCredentials): Promise<void> {
  return new Promise((resolve) => {
    systemClock.after(CRASH_REPORT_MS, resolve)
    const client = new SignalingClient(
      {
        connect: () => new WebSocket(webSocketUrl(settings)) as unknown as WebSocketLike,
        decode: serverToCustomer,
        encode: customerToServer,
        clock: systemClock,
        random: Math.random,
      },
      {
        opened: () => client.send({ t: 'session.reattach', sessionId, token }),
        message: (message) => {
          if (message.t === 'session.reattached') client.send({ t: 'session.leave', reason: 'agent-crashed' })
          if (message.t === 'session.ended' || message.t === 'refused') resolve()
        },
        down: () => {},
      },
    )
  })
}

function webSocketUrl({ origin }: AgentSettings): string {
  return `${origin.replace(/^http/, 'ws')}/ws/customer`
}

function settingsOrExit(): AgentSettings {
  try {
    return readSettings(process.argv.slice(2), process.env)
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error))
    process.exit(2)
  }
}
