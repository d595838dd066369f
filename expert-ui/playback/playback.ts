import type { GroupName } from '../../peer/recording/session-key.ts'
import type { Verdict } from './happening.ts'
import type { Brought } from './key-ring.ts'
import { type EntriesChunk, type RecordingSource, SourceFailed, type SourceFailure } from './source.ts'
import { Timeline } from './timeline.ts'
import type { FromPlaybackWorker, Pixels, Shown, ToPlaybackWorker } from './worker-messages.ts'

export type Reading =
  | { readonly at: 'keys' }
  | { readonly at: 'reading' }
  | { readonly at: 'done' }
  | { readonly at: 'failed'; readonly failure: SourceFailure }

/**
 * One opened recording: fetches its sealed entries, has a worker open and draw them, and keeps what the timeline
 * needs. No key and no picture ever is on this side.
 */
export class Playback {
  /** The recorded screen, pixel for pixel; showing a part or scaling it is left to CSS. */
  readonly canvas: HTMLCanvasElement
  readonly #source: RecordingSource
  readonly #worker: Worker
  readonly #answers = new Map<number, (message: FromPlaybackWorker) => void>()
  readonly #listeners = new Set<() => void>()
  #nextId = 1
  #next: number | null = 0
  #isClosed = false
  #reading: Reading = { at: 'keys' }
  #timeline = new Timeline()
  #verdict: Verdict = { fault: null, standing: 'open', head: '' }
  #shown: Shown | null = null
  #wanted: number | null = null
  #isShowFailed = false

  constructor(document: Document, source: RecordingSource) {
    this.#source = source
    this.canvas = document.createElement('canvas')
    this.#worker = new Worker(new URL('./playback-worker.ts', import.meta.url), { type: 'module' })
    this.#worker.onmessage = ({ data }: MessageEvent<FromPlaybackWorker>) => this.#take(data)
    this.#worker.onerror = () => this.#fail('malformed')
  }

  get reading(): Reading {
    return this.#reading
  }

  /** What happened, as far as it was read; another one with every part that was read. */
  get timeline(): Timeline {
    return this.#timeline
  }

  get verdict(): Verdict {
    return this.#verdict
  }

  /** What is on the canvas. */
  get shown(): Shown | null {
    return this.#shown
  }

  /** True while the picture that was asked for is not on the canvas yet. */
  get isShowing(): boolean {
    return this.#wanted !== null && this.#wanted !== this.#shown?.entry
  }

  /** True where the newest picture asked for could not be made. */
  get isShowFailed(): boolean {
    return this.#isShowFailed
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Fetches the wrapped keys; before that no key can be tried. Rejects with `SourceFailed`. */
  async begin(): Promise<void> {
    const wraps = await this.#source.wraps()
    if (this.#isClosed) return
    const canvas = this.canvas.transferControlToOffscreen()
    this.#post({ t: 'begin', canvas, wraps }, [canvas])
  }

  /** Tries a key. The file's bytes are taken over. Once keys of both groups are there, reading begins. */
  async bring(file: Uint8Array<ArrayBuffer>, passphrase: string | null): Promise<Brought> {
    const id = this.#nextId++
    const answer = await this.#ask(id, { t: 'key', id, file, passphrase }, [file.buffer])
    if (answer.t !== 'key-answer') throw new TypeError('an answer to something else')
    if (answer.isOpen && this.#reading.at === 'keys') void this.read()
    return answer.brought
  }

  takeBack(group: GroupName): void {
    this.#post({ t: 'take-back', group })
  }

  /** Reads on from where it stopped, to the end. One chunk is on its way while the one before is being opened. */
  async read(): Promise<void> {
    this.#set({ at: 'reading' })
    let taking: Promise<unknown> = Promise.resolve()
    try {
      while (this.#next !== null && !this.#isClosed) {
        const from = this.#next
        const chunk = await this.#source.read(from)
        await taking
        if (this.#isClosed) return
        this.#next = chunk.entries.length === 0 ? null : chunk.next
        taking = this.#index(from, chunk)
      }
      await taking
      this.#timeline = this.#timeline.end()
      this.#set({ at: 'done' })
    } catch (error) {
      await taking
      this.#fail(error instanceof SourceFailed ? error.failure : 'unreachable')
    }
  }

  /** Shows the screen as it was after this entry, as soon as it can. */
  show(entry: number): void {
    if (entry === this.#wanted) return
    this.#wanted = entry
    this.#post({ t: 'show', entry })
  }

  /** The canvas's own pixels. */
  async readPixels(): Promise<Pixels> {
    const id = this.#nextId++
    const answer = await this.#ask(id, { t: 'read', id })
    if (answer.t !== 'pixels') throw new TypeError('an answer to something else')
    return answer.pixels
  }

  /** Neither a key nor anything of the recording is left in this page afterwards. */
  close(): void {
    this.#isClosed = true
    this.#worker.terminate()
    this.canvas.remove()
    this.#answers.clear()
    this.#listeners.clear()
    this.#timeline = new Timeline()
  }

  async #index(from: number, { entries }: EntriesChunk): Promise<void> {
    const id = this.#nextId++
    const buffers = [...new Set(entries.map(({ buffer }) => buffer as ArrayBuffer))]
    const answer = await this.#ask(id, { t: 'entries', id, from, entries }, buffers)
    if (answer.t !== 'happened' || this.#isClosed) return
    this.#timeline = this.#timeline.add(answer.happenings)
    this.#verdict = answer.verdict
    this.#tell()
  }

  #take(message: FromPlaybackWorker): void {
    if (this.#isClosed) return
    switch (message.t) {
      case 'key-answer':
      case 'happened':
      case 'pixels':
        this.#answers.get(message.id)?.(message)
        this.#answers.delete(message.id)
        break
      case 'fetch':
        void this.#fetch(message.from)
        break
      case 'shown':
        this.#shown = message.shown
        this.#isShowFailed = false
        this.#tell()
        break
      case 'not-shown':
        this.#isShowFailed = true
        // So that it can be asked for again.
        if (this.#wanted === message.entry) this.#wanted = null
        this.#tell()
    }
  }

  async #fetch(from: number): Promise<void> {
    const chunk = await this.#source.read(from).catch(() => null)
    if (!this.#isClosed) this.#post({ t: 'fetched', from, entries: chunk?.entries ?? null })
  }

  #ask(id: number, message: ToPlaybackWorker, transfer: Transferable[] = []): Promise<FromPlaybackWorker> {
    return new Promise((resolve) => {
      this.#answers.set(id, resolve)
      this.#post(message, transfer)
    })
  }

  #fail(failure: SourceFailure): void {
    this.#set({ at: 'failed', failure })
  }

  #set(reading: Reading): void {
    if (this.#isClosed) return
    this.#reading = reading
    this.#tell()
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) listener()
  }

  #post(message: ToPlaybackWorker, transfer: Transferable[] = []): void {
    this.#worker.postMessage(message, transfer)
  }
}
