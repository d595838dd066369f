import { EXPERT_CHANNELS } from '../../peer/channel-specs.ts'
import type { Clock } from '../../peer/clock.ts'
import { encodeFrame } from '../../protocol/frame.ts'
import type { LineQuality, PicturePreference } from '../../protocol/messages/control-channel.ts'
import type { StillsContent } from '../../protocol/messages/entry.ts'
import { pictureMessage, pointerMessage } from '../../protocol/messages/picture.ts'
import type { FilmSender } from '../picture/film-sender.ts'
import { LineMeter } from '../picture/line-meter.ts'
import type { Picture, PictureEvents } from '../picture/port.ts'

/** Of what the picture's channel is measured to carry, so much goes to the film where there is one. */
const FILM_SHARE = 0.6
/** The first tiles are coded as for a fast line: a coder that takes its time would keep the first picture waiting. */
const FIRST_BYTES_PER_SECOND = 10_000_000
const FILM_RATE_STEP = 1.25
const LEAST_FILM_BITS_PER_SECOND = 60_000
const MOST_FILM_BITS_PER_SECOND = 8_000_000

export interface PictureFlowEvents {
  send(label: string, data: string | Uint8Array): boolean
  /** Where the track for motion ends; frames and its rate. */
  readonly film: Pick<FilmSender, 'push' | 'setRate'>
  readonly clock: Clock
  /** What the line is good for has changed. */
  lineChanged(quality: LineQuality): void
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
  readonly #meter = new LineMeter()
  #picture: Picture | undefined
  #isLinked = false
  #isLet = false
  #isRequested = false
  #nextSeq = 1
  #quality: LineQuality = 'good'
  #filmBits = MOST_FILM_BITS_PER_SECOND
  #prefer: PicturePreference = 'sharp'
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
      if (this.#mayFlow()) {
        const seq = this.#nextSeq++
        const bytes = this.#sendFrame({ t: 'update', seq, ...update }, payload)
        this.#meter.sent(seq, bytes, this.#events.clock.steadyMs())
      } else this.#hasMissed = true
      this.#requestMore()
    },
    filmFrame: (frame) => {
      // One that is held back needs no word: the update that comes with it is missed as well.
      if (!this.#mayFlow()) return
      this.#rateFilm()
      this.#events.film.push(frame)
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
    this.#meter.relink()
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
    this.#meter.drawn(seq, this.#events.clock.steadyMs())
    if (this.#meter.quality !== this.#quality) {
      this.#quality = this.#meter.quality
      this.#events.lineChanged(this.#quality)
    }
    this.#requestMore()
  }

  /** What the expert wants first. */
  preferred(picture: PicturePreference): void {
    this.#prefer = picture
  }

  filmShown(id: number): void {
    this.#picture?.filmShown(id)
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
    const { roomBytes, isKnown } = this.#meter
    const bytesPerSecond = Math.max(this.#meter.bytesPerSecond, isKnown ? 0 : FIRST_BYTES_PER_SECOND)
    if (!this.#picture || this.#isRequested || !this.#mayFlow() || roomBytes <= 0) return
    if (this.#hasMissed) this.#picture.refresh()
    this.#hasMissed = false
    this.#isRequested = true
    this.#picture.request({ bytesPerSecond, roomBytes, prefer: this.#prefer })
  }

  /** Only where it is clearly another: each change costs libwebrtc a turn of its own. */
  #rateFilm(): void {
    const share = Math.round(this.#meter.bytesPerSecond * 8 * FILM_SHARE)
    const bits = Math.max(LEAST_FILM_BITS_PER_SECOND, Math.min(MOST_FILM_BITS_PER_SECOND, share))
    const times = bits / this.#filmBits
    if (times < FILM_RATE_STEP && times > 1 / FILM_RATE_STEP) return
    this.#filmBits = bits
    this.#events.film.setRate(bits)
  }

  #sendFrame(header: Parameters<typeof pictureMessage.encode>[0], payload: Uint8Array): number {
    const frame = encodeFrame(pictureMessage, header, payload)
    this.#events.send(EXPERT_CHANNELS.picture.label, frame)
    return frame.byteLength
  }
}
