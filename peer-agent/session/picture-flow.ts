import { EXPERT_CHANNELS } from '../../peer/channel-specs.ts'
import { encodeFrame } from '../../protocol/frame.ts'
import type { StillsContent } from '../../protocol/messages/entry.ts'
import { pictureMessage, pointerMessage } from '../../protocol/messages/picture.ts'
import type { Picture, PictureEvents } from '../picture/port.ts'

/** Updates under way to the expert's canvas; with two, one is drawn while the next is on the line. */
const MAX_IN_FLIGHT = 2

export interface PictureFlowEvents {
  send(label: string, data: string | Uint8Array): boolean
  /** Pixels captured at `capturedAtMs` have left for the expert. */
  handedOut(capturedAtMs: number): void
  stills(
    content: Omit<StillsContent, 't'>,
    payload: Uint8Array,
    isKeyframe: boolean,
    coversUntilMs: number,
  ): void
  failed(reason: string): void
}

/**
 * Lets the picture go to the expert as fast as their canvas takes it and no faster, and only while it is let: a closed
 * flow asks for no picture, so nothing is read from the screen [C1, R1].
 */
export class PictureFlow {
  readonly #events: PictureFlowEvents
  #picture: Picture | undefined
  #isLinked = false
  #isLet = false
  #isRequested = false
  #nextSeq = 1
  #drawnSeq = 0
  #pointerNumber = 0
  /** Something was coded while the flow was closed: the next update must be whole. */
  #hasMissed = false
  #isStopped = false

  constructor(events: PictureFlowEvents) {
    this.#events = events
  }

  /** What the picture worker reports to. */
  readonly pictureEvents: PictureEvents = {
    update: (update, payload, capturedAtMs) => {
      this.#isRequested = false
      if (this.#isStopped) return
      // Recorded in any case: the pixels were read, and stills will follow.
      this.#events.handedOut(capturedAtMs)
      if (this.#mayFlow()) this.#sendFrame({ t: 'update', seq: this.#nextSeq++, ...update }, payload)
      else this.#hasMissed = true
      this.#requestMore()
    },
    cursorLooks: (looks, deflated) => {
      if (this.#mayFlow()) this.#sendFrame({ t: 'cursor', ...looks }, deflated)
      else this.#hasMissed = true
    },
    cursorPlace: (x, y) => {
      if (!this.#mayFlow()) return
      const place = pointerMessage.encode({ t: 'cursor-place', n: this.#pointerNumber++, x, y })
      this.#events.send(EXPERT_CHANNELS.pointer.label, place)
    },
    stills: (content, payload, isKeyframe, coversUntilMs) => {
      // Also after the flow stopped: what was handed out is owed to the recording.
      this.#events.stills(content, payload, isKeyframe, coversUntilMs)
    },
    failed: (reason) => {
      if (!this.#isStopped) this.#events.failed(reason)
    },
  }

  start(picture: Picture): void {
    this.#picture = picture
    if (this.#isLinked) picture.refresh()
    this.#requestMore()
  }

  /** A new link to the expert: it begins with an empty canvas. */
  linked(): void {
    this.#isLinked = true
    this.#nextSeq = 1
    this.#drawnSeq = 0
    this.#pointerNumber = 0
    // Also where a request is open already: on a still screen nothing else would ever answer it.
    this.#picture?.refresh()
    this.#requestMore()
  }

  unlinked(): void {
    this.#isLinked = false
  }

  /** The old link speaks again; what is on its way will still be drawn. */
  relinked(): void {
    this.#isLinked = true
    this.#requestMore()
  }

  /** Opened and closed by the interlock and the customer; closed at first. */
  let(isLet: boolean): void {
    this.#isLet = isLet
    this.#requestMore()
  }

  drawn(seq: number): void {
    // A page that claims to have drawn what was never sent gains nothing but its own backlog.
    if (seq > this.#drawnSeq && seq < this.#nextSeq) this.#drawnSeq = seq
    this.#requestMore()
  }

  /** Nothing leaves and nothing is read any more; resolves once the worker is gone. */
  async stop(): Promise<void> {
    this.#isStopped = true
    await this.#picture?.close()
  }

  #mayFlow(): boolean {
    return this.#isLinked && this.#isLet && !this.#isStopped
  }

  #requestMore(): void {
    const inFlight = this.#nextSeq - 1 - this.#drawnSeq
    if (!this.#picture || this.#isRequested || !this.#mayFlow() || inFlight >= MAX_IN_FLIGHT) return
    if (this.#hasMissed) this.#picture.refresh()
    this.#hasMissed = false
    this.#isRequested = true
    this.#picture.request()
  }

  #sendFrame(header: Parameters<typeof pictureMessage.encode>[0], payload: Uint8Array): void {
    this.#events.send(EXPERT_CHANNELS.picture.label, encodeFrame(pictureMessage, header, payload))
  }
}
