import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import type { FromStimulus, ToStimulus } from './stimulus-process.ts'
import type { Kind } from './work.ts'

export type Done = FromStimulus & { t: 'done' }

/** The other end of the stimulus's process. */
export interface Stimulus {
  readonly pid: number
  /** Draws what is seen before the first change; resolves once the X server shows it. */
  prepare(kind: Kind, seed: number, seconds: number): Promise<FromStimulus & { t: 'prepared' }>
  /** Lets the work run to its end. */
  work(seconds: number): Promise<Done>
  /** From now on each key makes a change. */
  awaitKeys(): void
  keyChanges(): Promise<Done>
  close(): Promise<void>
}

export async function startStimulus(display: string): Promise<Stimulus> {
  const child = fork(new URL('./stimulus-process.ts', import.meta.url), [display], {
    execArgv: ['--import=tsx'],
    serialization: 'advanced',
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  await told(child, 'ready')
  const ask = (message: ToStimulus) => void child.send(message)
  return {
    pid: child.pid!,
    prepare(kind, seed, seconds) {
      ask({ t: 'prepare', kind, seed, seconds })
      return told(child, 'prepared')
    },
    work(seconds) {
      ask({ t: 'begin', seconds })
      return told(child, 'done')
    },
    awaitKeys: () => ask({ t: 'begin', seconds: 0 }),
    keyChanges() {
      ask({ t: 'report' })
      return told(child, 'done')
    },
    async close() {
      if (child.exitCode !== null || child.signalCode !== null) return
      const exited = once(child, 'exit')
      child.kill()
      await exited
    },
  }
}

function told<T extends FromStimulus['t']>(child: ChildProcess, t: T): Promise<FromStimulus & { t: T }> {
  return new Promise((resolve, reject) => {
    const gone = () => reject(new Error('The stimulus ended by itself.'))
    const take = (message: FromStimulus) => {
      if (message.t !== t) return
      child.off('message', take).off('exit', gone)
      resolve(message as FromStimulus & { t: T })
    }
    child.on('message', take).on('exit', gone)
  })
}
