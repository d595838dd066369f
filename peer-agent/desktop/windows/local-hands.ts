import { Worker } from 'node:worker_threads'
import type { HandsInput, LocalHands } from '../port.ts'
import type { FromHookWorker } from './hook-worker.ts'
import { openUser32 } from './user32.ts'

export const STOP_KEY_NAME = 'F11'

/**
 * The customer's mouse and keyboard by Windows' low-level hooks. Rejects with a sentence where they can't be watched.
 * A hook thread that breaks later ends the process as any uncaught error does: nobody would see the hands any more.
 */
export async function watchLocalHands(): Promise<LocalHands> {
  const user32 = openUser32()
  const file = import.meta.url.endsWith('.ts') ? './hook-worker-from-source.mjs' : './hook-worker.js'
  const worker = new Worker(new URL(file, import.meta.url))
  const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()))
  const inputListeners: ((input: HandsInput) => void)[] = []
  const stopListeners: (() => void)[] = []
  let lastPressAtMs = Number.NEGATIVE_INFINITY
  let heldCount = 0
  let isClosed = false

  const thread = await new Promise<number>((resolve, reject) => {
    worker.once('error', reject)
    worker.on('message', (message: FromHookWorker) => {
      if (message.t === 'watching') {
        worker.off('error', reject)
        resolve(message.thread)
        return
      }
      if (isClosed) return
      heldCount = message.heldCount
      if (message.input !== 'move') lastPressAtMs = performance.now()
      for (const listener of inputListeners) listener(message.input)
      if (message.isStopKey) for (const listener of stopListeners) listener()
    })
  })

  return {
    tellsInjectedApart: true,
    lastPressAtMs: () => lastPressAtMs,
    heldCount: () => heldCount,
    onInput(listener) {
      inputListeners.push(listener)
    },
    onStopKey(listener) {
      stopListeners.push(listener)
    },
    async close() {
      if (!isClosed) user32.quitThread(thread)
      isClosed = true
      await exited
    },
  }
}
