import type { EndReason } from '../../protocol/end-reason.ts'
import type { PicturePermission } from '../../protocol/interlock.ts'
import type { Watermark, WatermarkContent } from '../desktop/port.ts'
import type { AgentOptions } from './agent.ts'
import type { ExpertLine } from './expert-line.ts'
import { PictureFlow } from './picture-flow.ts'
import type { Recording } from './recording.ts'

export interface SharingEvents {
  /** Recorder and watermark stand: the line to the expert may be made. */
  prepared(): void
  changed(): void
  end(reason: EndReason): void
}

/**
 * The screen on its way to the expert. It comes into being when the customer grants *view* and not before, and needs
 * the recorder's acknowledgement and the watermark before its line is made [C1, W1, R1].
 */
export class Sharing {
  readonly #options: AgentOptions
  readonly #expert: ExpertLine
  readonly #recording: Recording
  readonly #events: SharingEvents
  readonly #flow: PictureFlow
  readonly #sinceMs: number
  #watermark: Watermark | undefined
  #isPrepared = false
  #hasLinked = false
  #line: 'up' | 'lost' = 'up'
  #isStopped = false

  constructor(options: AgentOptions, expert: ExpertLine, recording: Recording, events: SharingEvents) {
    this.#options = options
    this.#expert = expert
    this.#recording = recording
    this.#events = events
    this.#sinceMs = options.clock.now()
    this.#flow = new PictureFlow({
      send: (label, data) => expert.send(label, data),
      handedOut: (capturedAtMs) => recording.handedOut(capturedAtMs),
      stills: (content, payload, isKeyframe, coversUntilMs) =>
        recording.stills(content, payload, isKeyframe, coversUntilMs),
      failed: () => events.end('capture-failed'),
    })
  }

  get isPrepared(): boolean {
    return this.#isPrepared
  }

  /** True once the expert has been able to see the screen. */
  get hasLinked(): boolean {
    return this.#hasLinked
  }

  get line(): 'up' | 'lost' {
    return this.#line
  }

  get sinceMs(): number {
    return this.#sinceMs
  }

  async prepare(content: WatermarkContent): Promise<void> {
    this.#expert.tellStage(this.#recording.isHeld ? 'granted' : 'waiting-for-recorder')
    // The worker starts up meanwhile; it reads no pixel before the first request.
    void this.#startPicture()
    try {
      const watermark = await this.#options.desktop.showWatermark(content)
      this.#watermark = watermark
      if (this.#isStopped) return watermark.close()
      watermark.onLost(() => this.#events.end('no-watermark'))
    } catch {
      this.#events.end('no-watermark')
      return
    }
    await this.#recording.durable(0)
    if (this.#isStopped) return
    this.#isPrepared = true
    this.#expert.tellStage('granted')
    this.#events.prepared()
    this.permissionChanged(this.#recording.permission)
    this.#expert.call()
  }

  linked(): void {
    this.#line = 'up'
    this.#hasLinked = true
    this.#flow.linked()
  }

  lost(): void {
    this.#line = 'lost'
    this.#flow.unlinked()
  }

  back(): void {
    this.#line = 'up'
    this.#flow.relinked()
  }

  drawn(seq: number): void {
    this.#flow.drawn(seq)
  }

  permissionChanged(permission: PicturePermission): void {
    if (!this.#isPrepared || this.#isStopped) return
    const isLive = permission.state === 'live'
    this.#flow.let(isLive)
    const picture = isLive
      ? ({ state: 'live' } as const)
      : ({ state: 'frozen', reason: permission.reason } as const)
    this.#expert.tellPicture(picture)
    this.#recording.record('picture', { t: 'picture', ...picture })
    this.#events.changed()
  }

  /** From here on nothing is read and nothing leaves; resolves once the worker is gone. */
  async stopPicture(): Promise<void> {
    this.#isStopped = true
    await this.#flow.stop()
  }

  async hideWatermark(): Promise<void> {
    await this.#watermark?.close()
  }

  async #startPicture(): Promise<void> {
    try {
      const picture = await this.#options.startPicture(this.#flow.pictureEvents)
      if (this.#isStopped) await picture.close()
      else this.#flow.start(picture)
    } catch {
      this.#events.end('capture-failed')
    }
  }
}
