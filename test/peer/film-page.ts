import { EXPERT_CHANNELS } from '../../peer/channel-specs.ts'
import { systemClock } from '../../peer/clock.ts'
import { receiveFilm } from '../../peer/film-receiver.ts'
import { LinkKeeper } from '../../peer/link-keeper.ts'
import {
  FILM_BLOCK_PIXELS,
  FILM_MIN_WIDTH,
  FILM_STRIP_ROWS,
  readFilmBlocks,
} from '../../protocol/film-strip.ts'
import type { SealedContent } from '../../protocol/messages/relayed.ts'

/** The expert's end in a browser, as far as the film goes; `film-stage.ts` puts it into a page. */

type Signal = Extract<SealedContent, { t: 'signal' }>
type Pixel = readonly [number, number, number]

declare global {
  /** Offered by the stage: to the agent's end. */
  var tellAgent: (content: Signal) => void
  var filmPage: FilmPage
}

/** In no types yet: W3C, MediaStreamTrack Insertable Media Processing using Streams. */
declare const MediaStreamTrackProcessor: new (init: {
  track: MediaStreamTrack
}) => { readonly readable: ReadableStream<VideoFrame> }

/** What the page is asked from outside. */
class FilmPage {
  /** The last strip that could be read. */
  id = 0
  frames = 0
  unreadable = 0
  links = 0
  size = ''
  #connection: RTCPeerConnection | undefined
  #keeper: LinkKeeper | undefined
  readonly #canvas = new OffscreenCanvas(1, 1)
  readonly #context = this.#canvas.getContext('2d', { willReadFrequently: true })!

  /** A fresh end, as after the page was loaded anew. */
  open(key: readonly number[]): void {
    this.#keeper?.close()
    const media = receiveFilm((track) => {
      if (track) void this.#watch(track)
    })
    this.#keeper = new LinkKeeper(
      {
        isCaller: false,
        role: 'expert',
        otherRole: 'customer',
        fingerprintsKey: new Uint8Array(key),
        channels: Object.values(EXPERT_CHANNELS),
        iceServers: () => [],
        clock: systemClock,
        media: {
          ...media,
          prepare: (connection) => {
            this.#connection = connection
            return media.prepare(connection)
          },
        },
      },
      {
        signal: (content) => tellAgent(content as Signal),
        ready: () => {
          this.links++
        },
        message: () => {},
        lost: () => {},
        back: () => {},
        failed: () => {},
      },
    )
  }

  receive(content: Signal): void {
    this.#keeper!.receive(content)
  }

  pixel(x: number, y: number): Pixel {
    const [r, g, b] = this.#context.getImageData(x, y, 1, 1).data
    return [r!, g!, b!]
  }

  /** How often this end has asked for a key frame. */
  async keyFramesAsked(): Promise<number> {
    let asked = 0
    for (const entry of (await this.#connection!.getStats()).values()) {
      if (entry.type === 'inbound-rtp') asked += entry.pliCount ?? 0
    }
    return asked
  }

  async #watch(track: MediaStreamTrack): Promise<void> {
    const reader = new MediaStreamTrackProcessor({ track }).readable.getReader()
    for (;;) {
      const { value: frame, done } = await reader.read()
      if (done) return
      this.#draw(frame)
      frame.close()
    }
  }

  #draw(frame: VideoFrame): void {
    const { displayWidth, displayHeight } = frame
    this.size = `${displayWidth}x${displayHeight}`
    if (this.#canvas.width !== displayWidth) this.#canvas.width = displayWidth
    if (this.#canvas.height !== displayHeight) this.#canvas.height = displayHeight
    this.#context.drawImage(frame, 0, 0)
    this.frames++
    const middle = displayHeight - FILM_STRIP_ROWS / 2
    const { data } = this.#context.getImageData(0, middle, FILM_MIN_WIDTH, 1)
    const blocks = Array.from(
      { length: FILM_MIN_WIDTH / FILM_BLOCK_PIXELS },
      (_, at) => data[(at * FILM_BLOCK_PIXELS + FILM_BLOCK_PIXELS / 2) * 4]! > 127,
    )
    const id = readFilmBlocks(blocks)
    if (id === null) this.unreadable++
    else this.id = id
  }
}

globalThis.filmPage = new FilmPage()
