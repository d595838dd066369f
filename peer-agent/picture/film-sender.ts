import type { LinkMedia, MediaOnLink } from '../../peer/link-media.ts'
import { filmCodecs, type I420Frame, openScreenSource } from '../../peer/wrtc.ts'
import { takenAnswer, withoutRouting } from './film-description.ts'
import { setMostBits } from './film-rate.ts'

export interface FilmRates {
  /** What a fresh link is thought to carry until it is measured. */
  readonly startBitsPerSecond: number
  /** Most that the film may take; see `setRate`. */
  readonly mostBitsPerSecond: number
}

interface FilmLink {
  readonly connection: RTCPeerConnection
  readonly sender: RTCRtpSender
}

/**
 * The agent's end of the film: one source and one track for the whole session, on whichever link is ready. Every link
 * has room for the film from its first offer, so that a film can begin without a word to the other end; while no
 * frame is pushed nothing is coded.
 */
export class FilmSender implements LinkMedia {
  readonly theirDirection = 'recvonly'
  readonly #source = openScreenSource()
  readonly #startBitsPerSecond: number
  #mostBitsPerSecond: number
  /** The link that is ready, and, a moment later, has the track. */
  #next: FilmLink | undefined
  #link: FilmLink | undefined
  #isSettingRate = false
  #isClosed = false

  constructor({ startBitsPerSecond, mostBitsPerSecond }: FilmRates) {
    this.#startBitsPerSecond = startBitsPerSecond
    this.#mostBitsPerSecond = mostBitsPerSecond
  }

  prepare(connection: RTCPeerConnection): MediaOnLink {
    // The track comes later: a link that nobody has confirmed yet gets no frame.
    const transceiver = connection.addTransceiver('video', {
      direction: 'sendonly',
      sendEncodings: [{ maxBitrate: this.#mostBitsPerSecond }],
    })
    transceiver.setCodecPreferences(filmCodecs())
    const link = { connection, sender: transceiver.sender }
    return {
      describe: withoutRouting,
      amend: (answer) => takenAnswer(answer, Math.min(this.#startBitsPerSecond, this.#mostBitsPerSecond)),
      ready: () => void this.#begin(link),
      close: () => {
        if (this.#next === link) this.#next = undefined
        if (this.#link === link) this.#link = undefined
      },
    }
  }

  /** Returns false where the frame goes nowhere: no link is ready. */
  push(frame: I420Frame): boolean {
    if (!this.#link || this.#isClosed) return false
    this.#source.push(frame)
    return true
  }

  /** Most that the film may take from now on, on this link and on those to come. */
  setRate(bitsPerSecond: number): void {
    if (bitsPerSecond === this.#mostBitsPerSecond) return
    this.#mostBitsPerSecond = bitsPerSecond
    void this.#applyRate()
  }

  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#next = undefined
    this.#link = undefined
    this.#source.close()
  }

  async #begin(link: FilmLink): Promise<void> {
    if (this.#isClosed) return
    this.#next = link
    try {
      await link.sender.replaceTrack(this.#source.track)
    } catch {
      // The link went at once; the next one gets the track.
      return
    }
    if (this.#next !== link) return
    this.#link = link
    await this.#applyRate()
  }

  /** One change after the other: wrtc takes parameters only as they were last read. */
  async #applyRate(): Promise<void> {
    if (this.#isSettingRate) return
    this.#isSettingRate = true
    let setBits: number | undefined
    try {
      while (this.#link && setBits !== this.#mostBitsPerSecond) {
        const { connection, sender } = this.#link
        setBits = this.#mostBitsPerSecond
        await setMostBits(connection, sender, setBits)
      }
    } catch {
      // The link is gone or has refused the film; the next one gets the rate from its beginning.
    } finally {
      this.#isSettingRate = false
    }
  }
}
