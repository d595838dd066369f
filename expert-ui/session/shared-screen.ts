import { EXPERT_CHANNELS } from '../../peer/channel-specs.ts'
import type { EndReason } from '../../protocol/end-reason.ts'
import { decodeFrame } from '../../protocol/frame.ts'
import {
  agentToExpert,
  type PictureState,
  type SharingState,
} from '../../protocol/messages/control-channel.ts'
import { pictureMessage, pointerMessage } from '../../protocol/messages/picture.ts'
import { Refusal } from '../../protocol/refusals.ts'
import type { PictureSink, Watching } from './view.ts'

/** What the agent tells of the customer's screen over one or more links: consent, picture, pointer. */
export class SharedScreen {
  readonly #changed: () => void
  #sharing: Omit<SharingState, 't'> = { level: null, holder: 'customer', question: null, recorder: '' }
  #picture: Omit<PictureState, 't'> = { state: 'live' }
  #sinceMs: number | undefined
  #newestPointer = -1
  #sink: PictureSink | undefined
  #drawn: (seq: number) => void = () => {}
  #broken: () => void = () => {}

  constructor(changed: () => void) {
    this.#changed = changed
  }

  view(line: 'up' | 'lost'): Watching {
    return { phase: 'watching', ...this.#sharing, picture: this.#picture, line, sinceMs: this.#sinceMs ?? 0 }
  }

  /**
   * @param drawn called with the number of each update once it is on the canvas
   * @param broken called when a frame can't be drawn as the schema and its bounds demand
   */
  drawOn(sink: PictureSink, drawn: (seq: number) => void, broken: () => void): void {
    this.#sink = sink
    this.#drawn = drawn
    this.#broken = broken
  }

  linked(nowMs: number): void {
    this.#sinceMs ??= nowMs
    this.#newestPointer = -1
  }

  /** Returns the reason when the customer's side says goodbye. Throws a `Refusal` on anything malformed. */
  receive(label: string, data: string | Uint8Array): EndReason | undefined {
    if (label === EXPERT_CHANNELS.control.label) return this.#control(data)
    if (label === EXPERT_CHANNELS.pointer.label) this.#pointer(data)
    else if (label === EXPERT_CHANNELS.picture.label && data instanceof Uint8Array) this.#pictureFrame(data)
    else throw new Refusal('malformed')
    return undefined
  }

  #control(data: string | Uint8Array): EndReason | undefined {
    const message = agentToExpert.decode(data)
    if (message.t === 'bye') return message.reason
    if (message.t === 'state') {
      const { level, holder, question, recorder } = message
      this.#sharing = { level, holder, question, recorder }
    } else {
      const { state, reason } = message
      this.#picture = reason === undefined ? { state } : { state, reason }
    }
    this.#changed()
    return undefined
  }

  #pointer(data: string | Uint8Array): void {
    const { n, x, y } = pointerMessage.decode(data)
    if (n <= this.#newestPointer) return
    this.#newestPointer = n
    this.#sink?.pointer(x, y)
  }

  #pictureFrame(frame: Uint8Array): void {
    const { header } = decodeFrame(pictureMessage, frame)
    void this.#sink?.picture(frame).then(
      () => header.t === 'update' && this.#drawn(header.seq),
      (error) => {
        // A frame of a link that is gone is none of the new one's; anything else is no picture of our agent.
        if (!(error instanceof Refusal && error.code === 'wrong-state')) this.#broken()
      },
    )
  }
}
