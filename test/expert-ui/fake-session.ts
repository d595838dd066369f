import type { ChatEntry, ExpertSession, ExpertView, PictureSink } from '../../expert-ui/session/view.ts'

/** An `ExpertSession` without a network: it shows what a test tells it and writes down what the page asks for. */
export class FakeSession implements ExpertSession {
  view: ExpertView = { phase: 'idle' }
  chat: readonly ChatEntry[] = []
  readonly calls: string[] = []
  takesChat = true
  readonly #listeners = new Set<() => void>()
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
  }

  close(): void {
    this.calls.push('close')
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
