import { Worker } from 'node:worker_threads'
import type { Desktop } from '../desktop/port.ts'
import { DesktopUnavailable } from '../desktop/unavailable.ts'
import type { LineNow } from './coder-choice.ts'
import type { Picture, PictureEvents } from './port.ts'
import type { FromWorker, ToWorker, WorkerOptions } from './worker-messages.ts'

export interface PictureOptions {
  readonly desktopKind: Desktop['kind']
  /** Like the variable DISPLAY, for the systems that have it. */
  readonly display?: string | undefined
  /** At most one record of stills in this time. */
  readonly stillsIntervalMs?: number
}

/** An orderly end waits for the last record to be coded; past this the thread is cut. */
const CLOSE_MS = 1500

/**
 * Opens the screen in a thread of its own. Call only after *view* was granted [C1]; nothing is read before the first
 * `request()`. Rejects with a sentence if the screen can't be read.
 */
export async function startPicture(options: PictureOptions, events: PictureEvents): Promise<Picture> {
  const workerData: WorkerOptions = {
    desktopKind: options.desktopKind,
    display: options.display,
    stillsIntervalMs: options.stillsIntervalMs ?? 1000,
  }
  const file = import.meta.url.endsWith('.ts') ? './worker-from-source.mjs' : './worker.js'
  // The X11 package hands descriptors to the server and closes them itself, which Node would take for a mistake.
  const worker = new Worker(new URL(file, import.meta.url), { workerData, trackUnmanagedFds: false })
  const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()))
  let state: 'opening' | 'open' | 'over' = 'opening'
  let epoch = 0
  let asked: LineNow | undefined
  let closing: Promise<void> | undefined

  const tell = (message: ToWorker) => worker.postMessage(message)

  function handOut(message: FromWorker): void {
    if (message.t === 'update') {
      // Made for the link before.
      if (message.epoch !== epoch) return
      asked = undefined
      events.update(message.update, message.payload, message.capturedAtMs)
    } else if (message.t === 'film-frame') {
      if (message.epoch === epoch) events.filmFrame(message.frame)
    } else if (message.t === 'looks') events.cursorLooks(message.looks, message.deflated)
    else if (message.t === 'place') events.cursorPlace(message.x, message.y)
    else if (message.t === 'stills') {
      events.stills(message.content, message.payload, message.keyframe, message.coversUntilMs)
    }
  }

  await new Promise<void>((resolve, reject) => {
    const fail = (error: Error) => {
      const before = state
      state = 'over'
      if (before === 'opening') reject(error)
      else if (before === 'open' && !closing) events.failed(error.message)
    }
    worker.on('message', (message: FromWorker) => {
      if (message.t === 'failed') fail(asError(message))
      else if (message.t === 'ready') {
        state = 'open'
        resolve()
      } else if (state !== 'over') handOut(message)
    })
    worker.on('error', fail)
    worker.on('exit', () => fail(new Error('The thread that reads the screen ended by itself.')))
  })

  async function close(): Promise<void> {
    tell({ t: 'close' })
    const cut = setTimeout(() => worker.terminate(), CLOSE_MS)
    await exited
    clearTimeout(cut)
    state = 'over'
  }

  return {
    request(line) {
      asked = line
      tell({ t: 'request', line })
    },
    refresh() {
      epoch++
      tell({ t: 'refresh', epoch, line: asked })
    },
    filmShown: (id) => tell({ t: 'film-shown', id }),
    close() {
      closing ??= close()
      return closing
    },
  }
}

function asError(failed: Extract<FromWorker, { t: 'failed' }>): Error {
  return failed.why ? new DesktopUnavailable(failed.why, failed.message) : new Error(failed.message)
}
