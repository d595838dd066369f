import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, readlinkSync } from 'node:fs'
import { setTimeout as pass } from 'node:timers/promises'
import { promisify } from 'node:util'
import { until } from '../../deploy/stage/until.ts'
import { LINES, type LineName } from './line-names.ts'
import { startPacketRelay } from './packet-relay.ts'

const run = promisify(execFile)

/** The way from the senders to the viewer: all that is between two network namespaces. Ours is the senders'. */
export interface Line {
  readonly senderHost: string
  /** What a command needs before it, to run where the viewer is. */
  readonly atViewer: readonly string[]
  /** Until then it carries all at once, so that pages need not be loaded over a wet string. */
  narrow(): Promise<void>
  /** Resolves once next to nothing goes to the viewer any more, or after as long as this line may need. */
  quiet(): Promise<void>
  /** All that went to the viewer so far, with every header. */
  bytesToViewer(): number
  close(): Promise<void>
}

const SENDER = { device: 'lotse0', address: '10.77.0.1' }
const VIEWER = { device: 'lotse1', address: '10.77.0.2' }
const START_MS = 10_000
const QUEUE_MS = 100
/** Signs of life and answers of the transport go on all the time. */
const QUIET_BYTES = 4000
const LOOK_AGAIN_MS = 1000
/** A transport that waits to repeat what was lost is quiet for seconds as well. */
const QUIET_LOOKS_WHERE_LOST = 4

/**
 * This process must be alone in a network namespace already. The viewer's is held by a process and by nothing else, so
 * it ends with this process however that ends, and leaves nothing behind.
 */
export async function openLine(name: LineName): Promise<Line> {
  const holder = spawn('setpriv', ['--pdeathsig', 'KILL', 'unshare', '--net', 'sleep', 'infinity'], {
    stdio: 'ignore',
  })
  const ours = readlinkSync('/proc/self/ns/net')
  await until(
    () => namespaceOf(holder) !== ours,
    START_MS,
    () => 'there is no second network namespace',
  )
  const atViewer = ['nsenter', `--net=/proc/${holder.pid}/ns/net`]
  const there = (...command: string[]) => run(atViewer[0]!, [...atViewer.slice(1), ...command])
  const here = (command: string, ...args: string[]) => run(command, args)
  const character = LINES[name]
  let relay: ChildProcess | undefined
  if ('lossShare' in character) {
    relay = await startPacketRelay({ ...character, devices: [SENDER.device, VIEWER.device] })
    await here('ip', 'link', 'set', VIEWER.device, 'netns', `${holder.pid}`)
  } else {
    const peer = ['peer', 'name', VIEWER.device, 'netns', `${holder.pid}`]
    await here('ip', 'link', 'add', SENDER.device, 'type', 'veth', ...peer)
  }
  const ends = [
    [here, SENDER],
    [there, VIEWER],
  ] as const
  for (const [at, { device, address }] of ends) {
    // One address each: what ICE could choose among would not be the same in each run.
    await at('sh', '-c', 'echo 1 > /proc/sys/net/ipv6/conf/all/disable_ipv6 || true')
    await at('ip', 'link', 'set', 'lo', 'up')
    await at('ip', 'address', 'add', `${address}/24`, 'dev', device)
    await at('ip', 'link', 'set', device, 'up')
    // Nothing is out there. But Chromium offers ICE only the address that leads out.
    await at('ip', 'route', 'add', 'default', 'dev', device)
  }
  return {
    senderHost: SENDER.address,
    atViewer,
    async narrow() {
      if (relay) relay.send('narrow')
      if (relay || character.bitsPerSecond === Infinity) return
      const shape = ['rate', `${character.bitsPerSecond}bit`, 'burst', '8kb', 'latency', `${QUEUE_MS}ms`]
      for (const [at, { device }] of ends)
        await at('tc', 'qdisc', 'replace', 'dev', device, 'root', 'tbf', ...shape)
    },
    bytesToViewer: () => sentOn(SENDER.device),
    async quiet() {
      const end = performance.now() + character.settleSeconds * 1000
      let looks = relay ? QUIET_LOOKS_WHERE_LOST : 1
      for (let before = -Infinity; performance.now() < end; ) {
        const now = sentOn(SENDER.device)
        if (now - before < QUIET_BYTES && --looks === 0) return
        before = now
        await pass(LOOK_AGAIN_MS)
      }
    },
    async close() {
      // One end of a veth pair takes the other with it; a TUN device goes with its relay.
      if (!relay) await here('ip', 'link', 'delete', SENDER.device)
      for (const child of [relay, holder]) {
        if (!child || child.exitCode !== null || child.signalCode !== null) continue
        const exited = once(child, 'exit')
        child.kill()
        await exited
      }
      await until(
        () => !readFileSync('/proc/self/net/dev', 'utf8').includes(SENDER.device),
        START_MS,
        () => 'the line does not go away',
      )
    },
  }
}

function namespaceOf({ pid }: ChildProcess): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/ns/net`)
  } catch {
    return undefined
  }
}

/** Not from /sys, which belongs to the namespace it was mounted in. */
function sentOn(device: string): number {
  const line = readFileSync('/proc/self/net/dev', 'utf8')
    .split('\n')
    .find((text) => text.trim().startsWith(`${device}:`))
  return Number(line!.split(':')[1]!.trim().split(/\s+/)[8])
}
