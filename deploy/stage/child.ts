import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

export const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** A TypeScript program of ours as its own process, with what it prints kept for whoever has to explain a failure. */
export interface Child {
  readonly process: ChildProcess
  readonly pid: number
  output(): string
  /** Resolves with the exit code, or null after a signal. */
  readonly exited: Promise<number | null>
  signal(signal: NodeJS.Signals): void
  /** SIGTERM, and after `graceMs` SIGKILL; resolves once it is gone. */
  stop(graceMs?: number): Promise<void>
}

const KEPT_OUTPUT = 64 * 1024

/** Starts `file` (relative to the package), a source through tsx. It ends with this process. */
export function startChild(file: string, args: readonly string[], env: Record<string, string>): Child {
  const loader = file.endsWith('.ts') ? ['--import', 'tsx'] : []
  const node = [process.execPath, ...loader, file, ...args]
  // setpriv: a child must not outlive whoever started it, not even after a SIGKILL.
  const child = spawn('setpriv', ['--pdeathsig', 'TERM', ...node], {
    cwd: ROOT,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let kept = ''
  const keep = (chunk: Buffer) => {
    kept = (kept + chunk.toString()).slice(-KEPT_OUTPUT)
  }
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  const exited = once(child, 'exit').then(([code]) => code as number | null)
  return {
    process: child,
    pid: child.pid!,
    output: () => kept,
    exited,
    signal: (signal) => void child.kill(signal),
    async stop(graceMs = 5_000) {
      if (child.exitCode !== null || child.signalCode !== null) return
      child.kill('SIGTERM')
      const timer = setTimeout(() => child.kill('SIGKILL'), graceMs)
      await exited
      clearTimeout(timer)
    },
  }
}
