import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { type Child, startChild } from './child.ts'
import { until } from './until.ts'

/** A whole service of our own on loopback: signaling, recorder, operator's keys, one expert. */
export interface ServiceStage {
  readonly origin: string
  readonly dataFolder: string
  readonly operatorKey: string
  readonly expert: { readonly name: string; readonly password: string }
  readonly signaling: () => Child
  readonly recorder: () => Child
  startSignaling(): Promise<void>
  startRecorder(): Promise<void>
  close(): Promise<void>
}

export interface ServiceStageOptions {
  readonly dataFolder: string
  readonly expertName?: string
  readonly team?: string
  readonly port?: number
  /** Where the recorder keeps its vault, if not in the data folder. */
  readonly env?: Record<string, string>
}

const READY_MS = 30_000

export async function startService(options: ServiceStageOptions): Promise<ServiceStage> {
  const { dataFolder, expertName = 'Anna Beispiel', team = 'Technik Nord' } = options
  const port = options.port ?? (await freePort())
  const origin = `http://127.0.0.1:${port}`
  const env = {
    LOTSE_DATA: dataFolder,
    LOTSE_ORIGIN: origin,
    LOTSE_HOST: '127.0.0.1',
    LOTSE_PORT: String(port),
    ...options.env,
  }
  const keys = await operate(['make-recording-keys', '--operator-name', 'Lotse Demo'], env)
  const added = await operate(['add-expert', expertName, '--team', team], env)
  let signaling: Child | undefined
  let recorder: Child | undefined
  const startSignaling = async () => {
    signaling = startChild('signaling/main.ts', [], env)
    await until(
      () => isHealthy(origin),
      READY_MS,
      () => `signaling did not start:\n${signaling?.output()}`,
    )
  }
  const startRecorder = async () => {
    const started = startChild('recorder/main.ts', [], env)
    recorder = started
    await until(
      () => started.output().includes('recorder is ready'),
      READY_MS,
      () => `the recorder did not start:\n${started.output()}`,
    )
  }
  await startSignaling()
  await startRecorder()
  return {
    origin,
    dataFolder,
    operatorKey: find(keys, /^ {2}([\w-]{43})$/m),
    expert: { name: expertName, password: find(added, /[Pp]assword[^:]*:\s*(\S+)/) },
    signaling: () => signaling!,
    recorder: () => recorder!,
    startSignaling,
    startRecorder,
    async close() {
      await recorder?.stop()
      await signaling?.stop()
    },
  }
}

/** Runs one operator command and returns what it printed. */
export async function operate(args: readonly string[], env: Record<string, string>): Promise<string> {
  const child = startChild('signaling/operator.ts', args, env)
  const code = await child.exited
  if (code !== 0) throw new Error(`operator ${args[0]} ended with ${code}:\n${child.output()}`)
  return child.output()
}

async function isHealthy(origin: string): Promise<boolean> {
  try {
    return (await fetch(`${origin}/healthz`)).ok
  } catch {
    return false
  }
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

function find(text: string, pattern: RegExp): string {
  const found = pattern.exec(text)?.[1]
  if (!found) throw new Error(`${pattern} is not in:\n${text}`)
  return found
}
