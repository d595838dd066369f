import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { startXServer, until, type XServer } from '../test/fixtures/x-server.ts'
import { round } from './figures.ts'
import type { IdleReport } from './idle-agent.ts'
import type { BenchResult } from './result.ts'

/** What an agent costs while nothing changes: picture worker, mark and watch on the hands, on a desktop with windows. */
const SECONDS = 20
const WINDOWS = 3
const MOST_AGENT_PERCENT = 1
/** The kernel counts a process's time in hundredths of a second. */
const TICK_MS = 10

export async function run(): Promise<BenchResult> {
  const server = await startXServer({ width: 1920, height: 1080, windowManager: true })
  let agent: ChildProcess | undefined
  try {
    await openWindows(server)
    agent = fork(new URL('./idle-agent.ts', import.meta.url), [server.display], {
      execArgv: ['--import=tsx'],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    })
    await told(agent, 'ready')
    const before = cpuMsOf(server.pid)
    agent.send({ measureSeconds: SECONDS })
    const report = await told<IdleReport>(agent, 'report')
    const serverPercent = ((cpuMsOf(server.pid) - before) / (SECONDS * 1000)) * 100
    return judge(report, serverPercent)
  } finally {
    agent?.kill()
    await server.close()
  }
}

function judge(report: IdleReport, serverPercent: number): BenchResult {
  const agentPercent = (report.cpuMs / report.wallMs) * 100
  const fallsShort: string[] = []
  if (agentPercent >= MOST_AGENT_PERCENT) {
    fallsShort.push(
      `the agent takes ${agentPercent.toFixed(2)} % of a core, not less than ${MOST_AGENT_PERCENT} %`,
    )
  }
  if (report.updates > 0) fallsShort.push(`the screen was not still: ${report.updates} updates came`)
  return {
    figures: {
      seconds: round(report.wallMs / 1000),
      agentCpuPercent: round(agentPercent),
      xServerCpuPercent: round(serverPercent),
      agentSettlingCpuMs: Math.round(report.settlingCpuMs),
      agentMemoryMb: Math.round(report.memoryMb),
      updates: report.updates,
    },
    fallsShort,
  }
}

async function openWindows(server: XServer): Promise<void> {
  server.run('xsetroot', ['-solid', '#3b5f80'])
  const before = (await server.mappedWindows()).length
  for (let n = 0; n < WINDOWS; n++) {
    const place = `80x24+${100 + n * 300}+${100 + n * 150}`
    server.run('xterm', ['-geometry', place, '-e', 'sh', '-c', 'ls -la /usr/lib; exec cat'])
  }
  await until(async () => (await server.mappedWindows()).length >= before + WINDOWS, { what: 'the windows' })
}

async function told<T>(agent: ChildProcess, what: string): Promise<T> {
  for (;;) {
    const [message] = (await Promise.race([
      once(agent, 'message'),
      once(agent, 'exit').then(() => Promise.reject(new Error('The agent ended by itself.'))),
    ])) as [Record<string, unknown>]
    if (what in message) return message[what] as T
  }
}

function cpuMsOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ')
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS
}
