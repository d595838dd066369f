import { EXPERT_CHANNELS } from '../../peer/channel-specs.ts'
import type { EndReason } from '../../protocol/end-reason.ts'
import { clipboardToExpert } from '../../protocol/messages/clipboard.ts'
import {
  agentToExpert,
  type LineQuality,
  type PictureState,
  type SharingState,
} from '../../protocol/messages/control-channel.ts'
import { pointerMessage } from '../../protocol/messages/picture.ts'
import { Refusal } from '../../protocol/refusals.ts'
import type { Notice, PictureSink, Watching } from './view.ts'

const NOTHING_SHARED: Omit<SharingState, 't'> = {
  level: null,
  holder: 'customer',
  because: 'not-granted',
  restMs: 0,
  question: null,
  askable: [],
  clipboard: false,
  ctrlAltDel: false,
  recorder: '',
}

export interface DrawingEvents {
  /** The update with this number is on the canvas. */
  drawn(seq: number): void
  /** The first frame of the film with this id is on the canvas. */
  filmShown(id: number): void
  /** A frame can't be drawn as the schema and its bounds demand. */
  broken(): void
}

/** What the agent tells of the customer's screen over one or more links: consent, picture, pointer. */
export class SharedScreen {
  readonly #changed: () => void
  readonly #notice: (notice: Notice) => void
  #sharing: Omit<SharingState, 't'> = NOTHING_SHARED
  #picture: Omit<PictureState, 't'> = { state: 'live' }
  #sinceMs: number | undefined
  #lineQuality: LineQuality = 'good'
  #newestPointer = -1
  #sink: PictureSink | undefined
  #events: DrawingEvents | undefined
  #stopListening: () => void = () => {}

  constructor(changed: () => void, notice: (notice: Notice) => void) {
    this.#changed = changed
    this.#notice = notice
  }

  view(line: 'up' | 'lost'): Watching {
    return {
      phase: 'watching',
      ...this.#sharing,
      picture: this.#picture,
      line,
      lineQuality: this.#lineQuality,
      sinceMs: this.#sinceMs ?? 0,
    }
  }

  drawOn(sink: PictureSink, events: DrawingEvents): void {
    this.#stopListening()
    this.#stopListening = sink.onFilmShown(events.filmShown)
    this.#sink = sink
    this.#events = events
  }

  linked(nowMs: number): void {
    this.#sinceMs ??= nowMs
    this.#newestPointer = -1
    this.#lineQuality = 'good'
  }

  /** Returns the reason when the customer's side says goodbye. Throws a `Refusal` on anything malformed. */
  receive(label: string, data: string | Uint8Array): EndReason | undefined {
    if (label === EXPERT_CHANNELS.control.label) return this.#control(data)
    if (label === EXPERT_CHANNELS.pointer.label) this.#pointer(data)
    else if (label === EXPERT_CHANNELS.clipboard.label) this.#clipboard(data)
    else if (label === EXPERT_CHANNELS.picture.label && data instanceof Uint8Array) this.#pictureFrame(data)
    else throw new Refusal('malformed')
    return undefined
  }

  #control(data: string | Uint8Array): EndReason | undefined {
    const message = agentToExpert.decode(data)
    switch (message.t) {
      case 'bye':
        return message.reason
      case 'shielded':
        this.#notice({ t: 'shielded' })
        return undefined
      case 'state': {
        const { t: _, ...sharing } = message
        this.#sharing = sharing
        break
      }
      case 'line':
        this.#lineQuality = message.quality
        break
      case 'picture': {
        const { state, reason } = message
        this.#picture = reason === undefined ? { state } : { state, reason }
      }
    }
    this.#changed()
    return undefined
  }

  #clipboard(data: string | Uint8Array): void {
    const message = clipboardToExpert.decode(data)
    if (message.t === 'put-done') this.#notice({ t: 'clipboard-put' })
    else if (message.t === 'given') this.#notice({ t: 'clipboard-given', text: message.text })
    else this.#notice({ t: 'clipboard-refused', reason: message.reason })
  }

  #pointer(data: string | Uint8Array): void {
    const { n, x, y } = pointerMessage.decode(data)
    if (n <= this.#newestPointer) return
    this.#newestPointer = n
    this.#sink?.pointer(x, y)
  }

  /** Only the sink takes it apart: a header of hundreds of tiles costs this thread more than its bytes are worth. */
  #pictureFrame(frame: Uint8Array): void {
    void this.#sink?.picture(frame).then(
      (seq) => {
        if (seq !== null) this.#events?.drawn(seq)
      },
      (error) => {
        // A frame of a link that is gone is none of the new one's; anything else is no picture of our agent.
        if (!(error instanceof Refusal && error.code === 'wrong-state')) this.#events?.broken()
      },
    )
  }
}
