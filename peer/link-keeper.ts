import type { Role } from '../protocol/level.ts'
import type { SealedContent, SignalData } from '../protocol/messages/relayed.ts'
import type { IceServer } from '../protocol/messages/signaling.ts'
import type { ChannelSpec } from './channel.ts'
import type { Clock } from './clock.ts'
import { Link } from './link.ts'
import type { LinkMedia } from './link-media.ts'

/** While the line is lost the caller tries a fresh link this often. */
const RETRY_MS = 4_000

export interface LinkKeeperOptions {
  /** The agent calls; expert and recorder answer. */
  readonly isCaller: boolean
  readonly role: Role
  readonly otherRole: Role
  readonly fingerprintsKey: Uint8Array
  readonly channels: readonly ChannelSpec[]
  readonly iceServers: () => readonly IceServer[]
  readonly clock: Clock
  readonly media?: LinkMedia
  readonly rtc?: object
}

export interface LinkKeeperEvents {
  /** To be sealed and relayed to the other end. */
  signal(content: SealedContent): void
  /** A link is ready; after the first time it is a new one, and what was on the way on the old one may be lost. */
  ready(): void
  message(label: string, data: string | Uint8Array): void
  /** The line is silent or gone; the keeper tries on by itself. */
  lost(): void
  /** The old line speaks again: nothing was lost. */
  back(): void
  /** Called once: this end must not go on trying. */
  failed(reason: 'fingerprint-mismatch' | 'protocol-error'): void
}

interface NumberedLink {
  readonly number: number
  readonly link: Link
}

/**
 * Keeps two ends connected over one session key: when the line is lost, the caller makes a fresh link with the next
 * number while the old one may still recover; whichever speaks first serves [S4]. A fresh link takes about a tenth of
 * a second, so there is no separate path for ICE restarts.
 */
export class LinkKeeper {
  readonly #options: LinkKeeperOptions
  readonly #events: LinkKeeperEvents
  #active: NumberedLink | undefined
  #pending: NumberedLink | undefined
  #lastNumber = 0
  #isLost = false
  #isOver = false
  #stopRetry: () => void = () => {}

  constructor(options: LinkKeeperOptions, events: LinkKeeperEvents) {
    this.#options = options
    this.#events = events
  }

  get isUp(): boolean {
    return !this.#isLost && (this.#active?.link.isReady ?? false)
  }

  /** Caller only: makes a link now, for the first time or because the other end or the server is back. */
  call(): void {
    if (this.#isOver || !this.#options.isCaller || this.isUp) return
    this.#stopRetry()
    this.#pending?.link.close()
    this.#pending = this.#make(++this.#lastNumber)
    this.#stopRetry = this.#options.clock.after(RETRY_MS, () => this.call())
  }

  receive({ link: number, signal }: Extract<SealedContent, { t: 'signal' }>): void {
    if (this.#isOver) return
    if (!this.#options.isCaller && number > this.#lastNumber) {
      this.#lastNumber = number
      this.#pending?.link.close()
      this.#pending = this.#make(number)
    }
    const target = [this.#pending, this.#active].find((candidate) => candidate?.number === number)
    target?.link.signal(signal)
  }

  /** Returns false where the message was not taken; what must arrive is to be sent again after `ready`. */
  send(label: string, data: string | Uint8Array): boolean {
    return this.#active?.link.send(label, data) ?? false
  }

  close(): void {
    this.#isOver = true
    this.#stopRetry()
    this.#pending?.link.close()
    this.#active?.link.close()
  }

  #make(number: number): NumberedLink {
    const { role, otherRole, fingerprintsKey, channels, clock, media, rtc, iceServers, isCaller } =
      this.#options
    const link: Link = new Link(
      {
        isInitiator: isCaller,
        role,
        otherRole,
        fingerprintsKey,
        channels,
        clock,
        iceServers: iceServers(),
        ...(media ? { media } : {}),
        ...(rtc ? { rtc } : {}),
      },
      {
        signal: (signal: SignalData) => this.#events.signal({ t: 'signal', link: number, signal }),
        ready: () => this.#becameReady(number),
        message: (label, data) => {
          if (this.#active?.number === number) this.#events.message(label, data)
        },
        silent: (isSilent) => this.#silent(number, isSilent),
        ended: (end) => {
          if (end === 'fingerprint-mismatch' || end === 'protocol-error') this.#fail(end)
          else this.#ended(number)
        },
      },
    )
    return { number, link }
  }

  #becameReady(number: number): void {
    if (this.#pending?.number !== number) return
    const old = this.#active
    this.#active = this.#pending
    this.#pending = undefined
    this.#isLost = false
    this.#stopRetry()
    old?.link.close()
    this.#events.ready()
  }

  #silent(number: number, isSilent: boolean): void {
    if (this.#active?.number !== number || this.#isLost === isSilent) return
    this.#isLost = isSilent
    if (isSilent) {
      this.#events.lost()
      this.call()
    } else {
      this.#stopRetry()
      this.#pending?.link.close()
      this.#pending = undefined
      this.#events.back()
    }
  }

  #ended(number: number): void {
    if (this.#pending?.number === number) this.#pending = undefined
    if (this.#active?.number !== number) return
    this.#active = undefined
    const wasLost = this.#isLost
    this.#isLost = true
    if (!wasLost) this.#events.lost()
    // A link that was closed, not silent, is most often a page that was reloaded or left: the retry finds out.
    if (!this.#pending) this.call()
  }

  #fail(reason: 'fingerprint-mismatch' | 'protocol-error'): void {
    if (this.#isOver) return
    this.close()
    this.#events.failed(reason)
  }
}
