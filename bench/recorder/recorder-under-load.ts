import { type ChildProcess, fork } from 'node:child_process'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { processes } from '../picture/process-load.ts'
import { onFrames, writeFrame } from './frames-stream.ts'
import type { RelayedTo } from './recorder-process.ts'

/** The recorder's process and the two ways to it. */
export class RecorderUnderLoad {
  readonly key: string
  readonly #child: ChildProcess
  readonly #socket: Socket
  readonly #onFrame = new Map<number, (frame: Uint8Array) => void>()
  readonly #onRelayed = new Map<number, (body: string) => void>()
  /** What it complained about; a bench with any of it counts for nothing. */
  readonly troubles: string[] = []

  static async start(folder: string): Promise<RecorderUnderLoad> {
    const path = join(folder, 'recorder.sock')
    const child = fork(new URL('./recorder-process.ts', import.meta.url), [folder, path], {
      execArgv: ['--import=tsx'],
    })
    const key = await new Promise<string>((resolve, reject) => {
      child.once('message', (message: { key: string }) => resolve(message.key))
      child.once('exit', (code) => reject(new Error(`the recorder's process ended with ${code}`)))
    })
    const socket = connect(path)
    return new RecorderUnderLoad(child, socket, key)
  }

  private constructor(child: ChildProcess, socket: Socket, key: string) {
    this.key = key
    this.#child = child
    this.#socket = socket
    onFrames(socket, (session, frame) => this.#onFrame.get(session)?.(frame))
    child.on('message', (message: Partial<RelayedTo> & { trouble?: string }) => {
      if (message.trouble !== undefined) this.troubles.push(message.trouble)
      else this.#onRelayed.get(message.session!)?.(message.body!)
    })
  }

  stream(session: number, onFrame: (frame: Uint8Array) => void): (frame: Uint8Array) => void {
    this.#onFrame.set(session, onFrame)
    return (frame) => writeFrame(this.#socket, session, frame)
  }

  relay(session: number, onRelayed: (body: string) => void): (body: string) => void {
    this.#onRelayed.set(session, onRelayed)
    return (body) => void this.#child.send({ session, body })
  }

  /** CPU time so far and memory now. */
  cost(): { cpuMs: number; residentBytes: number } {
    const { cpuMs, residentBytes } = processes().find(({ pid }) => pid === this.#child.pid)!
    return { cpuMs, residentBytes }
  }

  async close(): Promise<void> {
    const gone = new Promise((resolve) => this.#child.once('exit', resolve))
    this.#socket.destroy()
    this.#child.disconnect()
    await gone
  }
}
