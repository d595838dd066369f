import type {
  ChatEntry,
  ExpertSession,
  ExpertView,
  Notice,
  PictureSink,
  RemoteHands,
} from '../../expert-ui/session/view.ts'

/** An `ExpertSession` without a network: it shows what a test tells it and writes down what the page asks for. */
export class FakeSession implements ExpertSession {
  view: ExpertView = { phase: 'idle' }
  chat: readonly ChatEntry[] = []
  readonly calls: string[] = []
  takesChat = true
  readonly #listeners = new Set<() => void>()
  readonly #noticeListeners = new Set<(notice: Notice) => void>()
  /** What the page's hands did, one line a call. */
  readonly handCalls: string[] = []
  /** Films whose first frame the page said is on the canvas. */
  readonly filmsShown: number[] = []
  #sink: PictureSink | undefined

  /** How many components listen now; 0 once the page has let go. */
  get listeners(): number {
    return this.#listeners.size
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  show(view: ExpertView): void {
    this.view = view
    this.#tell()
  }

  say(entry: ChatEntry): void {
    this.chat = [...this.chat.filter(({ id }) => id !== entry.id), entry]
    this.#tell()
  }

  newSession(): void {
    this.calls.push('newSession')
  }

  end(): void {
    this.calls.push('end')
  }

  sendChat(text: string): boolean {
    this.calls.push(`sendChat ${JSON.stringify(text)}`)
    if (!this.takesChat) return false
    this.say({ id: `own-${this.chat.length}`, from: 'expert', text, atMs: Date.now(), delivered: false })
    return true
  }

  drawOn(sink: PictureSink): void {
    this.calls.push('drawOn')
    this.#sink = sink
    sink.onFilmShown((id) => this.filmsShown.push(id))
  }

  close(): void {
    this.calls.push('close')
  }

  prefer(picture: string): void {
    this.calls.push(`prefer ${picture}`)
  }

  ask(level: string): void {
    this.calls.push(`ask ${level}`)
  }

  giveBack(level: string): void {
    this.calls.push(`giveBack ${level}`)
  }

  readonly hands: RemoteHands = {
    at: (x, y) => this.#hand(`at ${x},${y}`),
    button: (button, isDown, x, y) => this.#hand(`${button} ${isDown ? 'down' : 'up'} ${x},${y}`),
    wheel: (dx, dy, x, y) => this.#hand(`wheel ${dx},${dy} ${x},${y}`),
    text: (text) => this.#hand(`text ${text}`),
    key: (code, isDown, character) =>
      this.#hand(`${code} ${isDown ? 'down' : 'up'}${character === undefined ? '' : ` ${character}`}`),
    holding: () => this.#hand('holding'),
    letGo: () => this.#hand('let go'),
    show: (x, y) => this.#hand(`show ${x},${y}`),
    putClipboard: (text) => this.#hand(`put ${text}`),
    wantClipboard: () => this.#hand('want'),
  }

  onNotice(listener: (notice: Notice) => void): () => void {
    this.#noticeListeners.add(listener)
    return () => this.#noticeListeners.delete(listener)
  }

  notice(notice: Notice): void {
    for (const listener of [...this.#noticeListeners]) listener(notice)
  }

  #hand(call: string): void {
    this.handCalls.push(call)
  }

  /** Hands one frame to the page as the `picture` channel would; answers `drawn` or the refusal's code. */
  async picture(base64: string): Promise<string> {
    const frame = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
    try {
      await this.#sink!.picture(frame)
      return 'drawn'
    } catch (error) {
      return error instanceof Error && 'code' in error ? String(error.code) : String(error)
    }
  }

  film(track: MediaStreamTrack | null): void {
    this.#sink!.film(track)
  }

  pointer(x: number, y: number): void {
    this.#sink!.pointer(x, y)
  }

  reset(): void {
    this.#sink!.reset()
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) listener()
  }
}
