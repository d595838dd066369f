import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'

export interface RelayOrder {
  readonly bitsPerSecond: number
  readonly delayMs: number
  readonly lossShare: number
  readonly devices: readonly [string, string]
}

/** Resolves once both devices are there. They go with the process. Only a message makes the line narrow. */
export async function startPacketRelay(order: RelayOrder): Promise<ChildProcess> {
  const relay = fork(new URL('./packet-relay-process.ts', import.meta.url), [JSON.stringify(order)], {
    execArgv: ['--import=tsx'],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const [message] = await Promise.race([once(relay, 'message'), once(relay, 'exit')])
  if (message !== 'ready') throw new Error('The packet relay did not start.')
  return relay
}
