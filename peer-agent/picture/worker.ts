import { parentPort, workerData } from 'node:worker_threads'
import { deflateRawSync } from 'node:zlib'
import type { Desktop, ScreenReaderModule } from '../desktop/port.ts'
import { DesktopUnavailable } from '../desktop/unavailable.ts'
import { type Capture, startCapture } from './capture.ts'
import { createPixels } from './pixels.ts'
import { exactBuffer } from './wire.ts'
import type { FromWorker, ToWorker, WorkerOptions } from './worker-messages.ts'

/** The picture's thread: everything that touches pixels, away from the thread that answers the customer. */
const readers: Partial<Record<Desktop['kind'], () => Promise<ScreenReaderModule>>> = {
  x11: () => import('../desktop/x11/screen-reader.ts'),
  fake: () => import('../desktop/fake/screen-reader.ts'),
}

const port = parentPort!
const options = workerData as WorkerOptions

function tell(message: FromWorker, move: readonly Uint8Array<ArrayBuffer>[] = []): void {
  port.postMessage(
    message,
    move.map(({ buffer }) => buffer),
  )
}

function fail(error: Error): void {
  const why = error instanceof DesktopUnavailable ? { why: error.why } : {}
  tell({ t: 'failed', message: error.message, ...why })
}

async function start(): Promise<Capture> {
  const load = readers[options.desktopKind]
  if (!load) throw new Error(`There is no way yet to read the screen of a ${options.desktopKind} desktop.`)
  const { openScreenReader } = await load()
  const reader = await openScreenReader({ display: options.display })
  const capture = await startCapture(
    reader,
    createPixels(),
    {
      update: (update, payload, capturedAtMs, epoch) =>
        tell({ t: 'update', update, payload, capturedAtMs, epoch }, [payload]),
      filmFrame: (frame, epoch) => tell({ t: 'film-frame', frame, epoch }, [frame.data]),
      looks({ width, height, hotX, hotY, rgba }) {
        const deflated = exactBuffer([deflateRawSync(rgba)])
        tell({ t: 'looks', looks: { width, height, hotX, hotY }, deflated }, [deflated])
      },
      place: ({ x, y }) => tell({ t: 'place', x, y }),
      stills: (record) => tell({ t: 'stills', ...record }, [record.payload]),
      failed: fail,
    },
    options.stillsIntervalMs,
  )
  tell({ t: 'ready' })
  return capture
}

const starting = start()
starting.catch((error: Error) => {
  fail(error)
  port.close()
})

port.on('message', async (message: ToWorker) => {
  const capture = await starting.catch(() => undefined)
  if (message.t === 'request') capture?.request(message.line)
  else if (message.t === 'refresh') capture?.refresh(message.epoch, message.line)
  else if (message.t === 'film-shown') capture?.filmShown(message.id)
  else {
    await capture?.close()
    // Nothing keeps the thread alive from here on: it ends by itself, with everything it held.
    port.close()
  }
})
