import type { EndReason } from '../../protocol/end-reason.ts'
import type { PicturePermission } from '../../protocol/interlock.ts'
import type { PicturePreference, PictureState } from '../../protocol/messages/control-channel.ts'
import type { WatermarkContent } from '../desktop/port.ts'
import type { FilmSender } from '../picture/film-sender.ts'
import type { AgentOptions } from './agent.ts'
import type { ExpertLine } from './expert-line.ts'
import { MarkKeeper } from './mark-keeper.ts'
import { PictureFlow } from './picture-flow.ts'
import type { Recording } from './recording.ts'

export interface SharingEvents {
  /** Recorder and watermark stand: the line to the expert may be made. */
  prepared(): void
  /** Whether the expert sees the screen as it is. */
  pictureChanged(isLive: boolean): void
  end(reason: EndReason): void
}

export interface SharingParts {
  readonly expert: ExpertLine
  readonly recording: Recording
  readonly film: Pick<FilmSender, 'push' | 'setRate'>
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
  readonly #mark: MarkKeeper
  #isHidden = false
  #isPrepared = false
  #hasLinked = false
  #line: 'up' | 'lost' = 'up'
  #isStopped = false

  constructor(options: AgentOptions, { expert, recording, film }: SharingParts, events: SharingEvents) {
    this.#options = options
    this.#expert = expert
    this.#recording = recording
    this.#events = events
    this.#sinceMs = options.clock.now()
    this.#mark = new MarkKeeper(options.desktop, () => events.end('no-watermark'))
    this.#flow = new PictureFlow({
      send: (label, data) => expert.send(label, data),
      handedOut: (capturedAtMs) => recording.handedOut(capturedAtMs),
      stills: (content, payload, isKeyframe, coversUntilMs) =>
        recording.stills(content, payload, isKeyframe, coversUntilMs),
      film,
      clock: options.clock,
      lineChanged: (quality) => expert.tellLine(quality),
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
    if (!(await this.#mark.stand(content)) || this.#isStopped) return
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

  filmShown(id: number): void {
    this.#flow.filmShown(id)
  }

  preferred(picture: PicturePreference): void {
    this.#flow.preferred(picture)
  }

  /** True while the customer shows nothing: "Blick weg" [C5]. */
  get isHidden(): boolean {
    return this.#isHidden
  }

  /** Expert and recording get a plain card from this moment on, until the customer lifts it. */
  hide(isHidden: boolean): void {
    if (isHidden === this.#isHidden) return
    this.#isHidden = isHidden
    this.permissionChanged(this.#recording.permission)
  }

  remark(content: WatermarkContent): void {
    this.#mark.change(content)
  }

  permissionChanged(permission: PicturePermission): void {
    if (!this.#isPrepared || this.#isStopped) return
    const picture = this.#pictureState(permission)
    this.#flow.let(picture.state === 'live')
    this.#expert.tellPicture(picture)
    this.#recording.record('picture', { t: 'picture', ...picture })
    this.#events.pictureChanged(picture.state === 'live')
  }

  /** From here on nothing is read and nothing leaves; resolves once the worker is gone. */
  async stopPicture(): Promise<void> {
    this.#isStopped = true
    await this.#flow.stop()
  }

  async hideWatermark(): Promise<void> {
    await this.#mark.close()
  }

  /** The customer's own wish comes first: while the screen is hidden nothing else stands in its place. */
  #pictureState(permission: PicturePermission): Omit<PictureState, 't'> {
    if (this.#isHidden) return { state: 'card', reason: 'hidden' }
    return permission.state === 'live' ? { state: 'live' } : { state: 'frozen', reason: permission.reason }
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
