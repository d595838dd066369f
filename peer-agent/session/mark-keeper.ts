import type { Desktop, Watermark, WatermarkContent } from '../desktop/port.ts'

/** The watermark of one session: up before the first picture, changed with level and holder, gone with the end. */
export class MarkKeeper {
  readonly #desktop: Desktop
  readonly #lost: () => void
  #watermark: Watermark | undefined
  #shown = ''
  #wanted: WatermarkContent | undefined
  #isChanging = false
  #isClosed = false

  /** @param lost called when the mark cannot be shown, or no longer [W2] */
  constructor(desktop: Desktop, lost: () => void) {
    this.#desktop = desktop
    this.#lost = lost
  }

  /** Resolves once it stands on every monitor; to false where it cannot, which `lost` was told. */
  async stand(content: WatermarkContent): Promise<boolean> {
    try {
      const watermark = await this.#desktop.showWatermark(content)
      this.#shown = JSON.stringify(content)
      this.#watermark = watermark
      if (this.#isClosed) await watermark.close()
      else watermark.onLost(() => this.#lost())
      void this.#change()
      return true
    } catch {
      this.#lost()
      return false
    }
  }

  /** Shows the newest content as soon as may be; what was wanted in between is passed over. */
  change(content: WatermarkContent): void {
    this.#wanted = content
    void this.#change()
  }

  async close(): Promise<void> {
    this.#isClosed = true
    await this.#watermark?.close()
  }

  async #change(): Promise<void> {
    if (this.#isChanging || !this.#watermark) return
    this.#isChanging = true
    try {
      for (let next = this.#wanted; next && !this.#isClosed; next = this.#wanted) {
        this.#wanted = undefined
        const text = JSON.stringify(next)
        if (text === this.#shown) continue
        await this.#watermark.update(next)
        this.#shown = text
      }
    } catch {
      if (!this.#isClosed) this.#lost()
    } finally {
      this.#isChanging = false
    }
  }
}
