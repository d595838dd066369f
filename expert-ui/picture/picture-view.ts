import { MAX_UPDATE_BYTES, type ScreenLayout } from '../../protocol/messages/picture.ts'
import { Refusal, type RefusalCode } from '../../protocol/refusals.ts'
import type { PictureSink } from '../session/view.ts'
import type { CursorShape } from './cursor-decoder.ts'
import { type FilmFeed, feedFilm } from './film-feed.ts'
import type { FromPictureWorker, Pixels, ToPictureWorker } from './worker-messages.ts'

/** Frames that wait to be drawn. The agent waits for `drawn`, so an honest one never comes near this. */
const MOST_WAITING_BYTES = 2 * MAX_UPDATE_BYTES

interface Reader {
  readonly resolve: (pixels: Pixels) => void
  readonly reject: (error: Error) => void
}

interface Waiting {
  readonly bytes: number
  readonly resolve: (seq: number | null) => void
  readonly reject: (refusal: Refusal) => void
}

/**
 * The picture of one session: a canvas that is always the customer's whole screen, pixel for pixel, whatever part of
 * it is shown and however large. A worker draws on it; this is its other end.
 */
export class PictureView implements PictureSink {
  /** Belongs in the page wherever the picture is to be seen; showing a part or scaling it is left to CSS. */
  readonly canvas: HTMLCanvasElement
  readonly #worker: Worker
  readonly #waiting = new Map<number, Waiting>()
  readonly #readers = new Map<number, Reader>()
  readonly #listeners = new Set<() => void>()
  readonly #filmListeners = new Set<(id: number) => void>()
  #feed: FilmFeed | null = null
  #isFilmRunning = false
  #waitingBytes = 0
  #nextId = 1
  #closed = false
  #broken = false
  #problem: RefusalCode | null = null
  #layout: ScreenLayout | null = null
  #cursor: CursorShape | null = null
  #cursorPlace: { readonly x: number; readonly y: number } | null = null

  constructor(document: Document) {
    this.canvas = document.createElement('canvas')
    this.#worker = new Worker(new URL('./picture-worker.ts', import.meta.url), { type: 'module' })
    this.#worker.onmessage = ({ data }: MessageEvent<FromPictureWorker>) => this.#take(data)
    this.#worker.onerror = () => {
      this.#broken = true
      this.#problem = 'internal'
      this.#refuseAll('internal')
      this.#tell()
    }
    const canvas = this.canvas.transferControlToOffscreen()
    this.#post({ t: 'canvas', canvas }, [canvas])
  }

  /** Null until the first update is drawn. */
  get layout(): ScreenLayout | null {
    return this.#layout
  }

  get cursor(): CursorShape | null {
    return this.#cursor
  }

  /** In pixels of the customer's screen. */
  get cursorPlace(): { readonly x: number; readonly y: number } | null {
    return this.#cursorPlace
  }

  /** Why frames of this link could not be drawn. What is on the canvas then is out of date. */
  get problem(): RefusalCode | null {
    return this.#problem
  }

  /** Called after every change of layout, cursor, its place or the problem; returns its own undo. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Takes the frame's bytes over: where it fills its buffer, that buffer is gone afterwards. */
  picture(frame: Uint8Array): Promise<number | null> {
    if (this.#closed) return Promise.reject(new Refusal('wrong-state'))
    if (this.#broken) return Promise.reject(new Refusal('internal'))
    const bytes = frame.byteLength
    if (this.#waitingBytes + bytes > MOST_WAITING_BYTES) return Promise.reject(this.#refused('too-large'))
    const whole = bytes === frame.buffer.byteLength && frame.buffer instanceof ArrayBuffer
    const own = whole ? (frame as Uint8Array<ArrayBuffer>) : new Uint8Array(frame)
    const id = this.#nextId++
    return new Promise((resolve, reject) => {
      this.#waitingBytes += bytes
      this.#waiting.set(id, { bytes, resolve, reject })
      this.#post({ t: 'frame', id, frame: own }, [own.buffer])
    })
  }

  pointer(x: number, y: number): void {
    this.#cursorPlace = { x, y }
    this.#tell()
  }

  film(track: MediaStreamTrack | null): void {
    if (this.#closed) return
    this.#feed?.close()
    this.#feed = track
      ? feedFilm(track, this.#isFilmRunning, (message, transfer) => this.#post(message, transfer))
      : null
  }

  onFilmShown(listener: (id: number) => void): () => void {
    this.#filmListeners.add(listener)
    return () => this.#filmListeners.delete(listener)
  }

  /** The last picture stays until the new link brings its own; frames of the old one are refused with `wrong-state`. */
  reset(): void {
    if (this.#closed) return
    this.#post({ t: 'reset' })
    this.#refuseAll('wrong-state')
    this.#problem = null
    this.#tell()
  }

  /** The canvas's own pixels once everything so far is drawn. */
  readPixels(): Promise<Pixels> {
    if (this.#closed) return Promise.reject(new Error('the picture is closed'))
    const id = this.#nextId++
    return new Promise((resolve, reject) => {
      this.#readers.set(id, { resolve, reject })
      this.#post({ t: 'read', id })
    })
  }

  /** Nothing of the customer's screen is left in this page afterwards. */
  close(): void {
    if (this.#closed) return
    this.film(null)
    this.#closed = true
    this.#worker.terminate()
    this.canvas.remove()
    this.#refuseAll('wrong-state')
    for (const reader of this.#readers.values()) reader.reject(new Error('the picture is closed'))
    this.#readers.clear()
    this.#listeners.clear()
    this.#filmListeners.clear()
  }

  #take(message: FromPictureWorker): void {
    switch (message.t) {
      case 'done':
        this.#settle(message.id, (waiting) => waiting.resolve(message.seq))
        break
      case 'refused':
        this.#settle(message.id, (waiting) => waiting.reject(this.#refused(message.code)))
        break
      case 'layout':
        this.#layout = message.layout
        this.#tell()
        break
      case 'cursor':
        this.#cursor = message.cursor
        this.#tell()
        break
      case 'pixels':
        this.#readers.get(message.id)?.resolve(message.pixels)
        this.#readers.delete(message.id)
        break
      case 'film-running':
        this.#isFilmRunning = message.isRunning
        this.#feed?.running(message.isRunning)
        break
      case 'film-taken':
        this.#feed?.taken()
        break
      case 'film-shown':
        for (const listener of [...this.#filmListeners]) listener(message.id)
    }
  }

  #settle(id: number, how: (waiting: Waiting) => void): void {
    const waiting = this.#waiting.get(id)
    if (!waiting) return
    this.#waiting.delete(id)
    this.#waitingBytes -= waiting.bytes
    how(waiting)
  }

  #refuseAll(code: RefusalCode): void {
    for (const id of [...this.#waiting.keys()]) {
      this.#settle(id, (waiting) => waiting.reject(new Refusal(code)))
    }
  }

  #refused(code: RefusalCode): Refusal {
    this.#problem = code
    this.#tell()
    return new Refusal(code)
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) listener()
  }

  #post(message: ToPictureWorker, transfer: Transferable[] = []): void {
    this.#worker.postMessage(message, transfer)
  }
}
