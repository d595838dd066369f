import SimplePeer from 'simple-peer/simplepeer.min.js'
import type { Role } from '../protocol/level.ts'
import { linkMessage } from '../protocol/messages/link.ts'
import type { SignalData } from '../protocol/messages/relayed.ts'
import type { IceServer } from '../protocol/messages/signaling.ts'
import { admitSignal } from './admitted-signal.ts'
import { Channel, type ChannelSpec } from './channel.ts'
import { LINK_CHANNEL } from './channel-specs.ts'
import type { Clock } from './clock.ts'
import { type Fingerprints, fingerprintTag, fingerprintTagIsRight, readFingerprints } from './fingerprints.ts'
import type { LinkMedia, MediaOnLink } from './link-media.ts'

/** A link that is not ready by then never will be. */
export const LINK_SETUP_MS = 15_000
const BEAT_MS = 1_000
/** At first beats come faster: the first of them may be lost, and nothing goes on before one has arrived. */
const EARLY_BEAT_MS = 100
const EARLY_BEATS = 30
/** Three beats missed: the line is silent. */
export const SILENT_AFTER_MS = 3_000
/** Messages that may arrive before the fingerprints are confirmed; they are looked at only afterwards. */
const MAX_EARLY_MESSAGES = 64

export type LinkEnd = 'closed' | 'no-connection' | 'fingerprint-mismatch' | 'protocol-error'

export interface LinkEvents {
  /** SDP or a candidate for the other end, to be sealed and relayed. */
  signal(data: SignalData): void
  /** Both fingerprints are confirmed and all channels open: from now on messages count. */
  ready(): void
  message(label: string, data: string | Uint8Array): void
  /** No sign of life for `SILENT_AFTER_MS`, or one again. */
  silent(isSilent: boolean): void
  /** Called once, and nothing after it. Not called for `close()`. */
  ended(end: LinkEnd): void
}

export interface LinkOptions {
  readonly isInitiator: boolean
  readonly role: Role
  readonly otherRole: Role
  /** Binds the DTLS fingerprints to the line's key [T2]. */
  readonly fingerprintsKey: Uint8Array
  readonly channels: readonly ChannelSpec[]
  /** Only the operator's own; simple-peer would otherwise ask public servers. */
  readonly iceServers: readonly IceServer[]
  readonly clock: Clock
  /** Without it the link carries no video, and what the other end describes of it is refused. */
  readonly media?: LinkMedia
  /** WebRTC where the runtime has none of its own: `wrtc` in Node. */
  readonly rtc?: object
}

/** One WebRTC connection between two ends that already share a key. The only place that knows simple-peer. */
export class Link {
  readonly #options: LinkOptions
  readonly #events: LinkEvents
  readonly #peer: SimplePeer.Instance & { _pc: RTCPeerConnection }
  readonly #media: MediaOnLink | undefined
  readonly #channels = new Map<string, Channel>()
  readonly #early: [string, string | Uint8Array][] = []
  #unopened: number
  #isDescribed = false
  #theirTag: string | undefined
  #fingerprints: Fingerprints | undefined
  #isReady = false
  #isOver = false
  #isSilent = false
  #stopSetupTimer: () => void = () => {}
  #stopBeat: () => void = () => {}
  #stopSilence: () => void = () => {}

  constructor(options: LinkOptions, events: LinkEvents) {
    this.#options = options
    this.#events = events
    this.#peer = new SimplePeer({
      initiator: options.isInitiator,
      trickle: true,
      // One transport for all: the certificates that are confirmed are those of the film, too.
      config: { iceServers: options.iceServers as RTCIceServer[], bundlePolicy: 'max-bundle' },
      sdpTransform: (own) => this.#media?.describe?.(own) ?? own,
      ...(options.rtc ? { wrtc: options.rtc as NonNullable<SimplePeer.Options['wrtc']> } : {}),
    }) as SimplePeer.Instance & { _pc: RTCPeerConnection }
    this.#peer.on('signal', (data) => events.signal(data as SignalData))
    this.#peer.on('error', () => this.#end(this.#isReady ? 'closed' : 'no-connection'))
    this.#peer.on('close', () => this.#end(this.#isReady ? 'closed' : 'no-connection'))
    this.#media = options.media?.prepare(this.#peer._pc)
    const specs = [LINK_CHANNEL, ...options.channels]
    this.#unopened = specs.length
    for (const spec of specs) this.#channels.set(spec.label, this.#openChannel(spec))
    this.#stopSetupTimer = options.clock.after(LINK_SETUP_MS, () => this.#end('no-connection'))
  }

  get isReady(): boolean {
    return this.#isReady && !this.#isOver
  }

  /** Takes what the other end's `signal` gave. */
  signal(data: SignalData): void {
    if (this.#isOver) return
    const { isInitiator, media } = this.#options
    const isDescribed = this.#isDescribed
    const admitted = admitSignal(data, { isInitiator, isDescribed, theirDirection: media?.theirDirection })
    if (!admitted) {
      this.#end('protocol-error')
      return
    }
    if (admitted.sdp !== undefined) {
      this.#isDescribed = true
      admitted.sdp = this.#media?.amend?.(admitted.sdp) ?? admitted.sdp
    }
    try {
      this.#peer.signal(admitted as SimplePeer.SignalData)
    } catch {
      this.#end('protocol-error')
    }
  }

  /** Returns false where the message was not taken: not ready, closed, or dropped by the channel's policy. */
  send(label: string, data: string | Uint8Array): boolean {
    if (!this.#isReady || this.#isOver) return false
    return this.#channels.get(label)!.send(data)
  }

  close(): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#stopSilence()
    this.#stopSetupTimer()
    this.#stopBeat()
    this.#media?.close()
    for (const channel of this.#channels.values()) channel.close()
    this.#peer.destroy()
  }

  #openChannel(spec: ChannelSpec): Channel {
    return new Channel(this.#peer._pc, spec, this.#options.clock, {
      opened: () => this.#opened(),
      closed: () => this.#end(this.#isReady ? 'closed' : 'no-connection'),
      broken: () => this.#end('protocol-error'),
      message: (data) => this.#received(spec.label, data),
    })
  }

  #opened(): void {
    if (--this.#unopened > 0 || this.#isOver) return
    const { fingerprintsKey, role } = this.#options
    try {
      this.#fingerprints = readFingerprints(this.#peer._pc)
    } catch {
      this.#end('fingerprint-mismatch')
      return
    }
    this.#beat(fingerprintTag(fingerprintsKey, role, this.#fingerprints), 1)
    this.#becomeReady()
  }

  #received(label: string, data: string | Uint8Array): void {
    if (this.#isOver) return
    this.#restartSilence()
    if (label === LINK_CHANNEL.label) this.#receivedLinkMessage(data)
    else if (this.#isReady) this.#events.message(label, data)
    else if (this.#early.push([label, data]) > MAX_EARLY_MESSAGES) this.#end('protocol-error')
  }

  #receivedLinkMessage(data: string | Uint8Array): void {
    try {
      this.#theirTag ??= linkMessage.decode(data).tag
    } catch {
      this.#end('protocol-error')
      return
    }
    this.#becomeReady()
  }

  /** Trust needs both: our own channels open, and the other end's tag. Whichever comes second gets here with both. */
  #becomeReady(): void {
    if (this.#isReady || !this.#fingerprints || this.#theirTag === undefined) return
    const { fingerprintsKey, otherRole } = this.#options
    if (!fingerprintTagIsRight(fingerprintsKey, otherRole, this.#fingerprints, this.#theirTag)) {
      this.#end('fingerprint-mismatch')
      return
    }
    this.#isReady = true
    this.#stopSetupTimer()
    this.#restartSilence()
    this.#events.ready()
    if (!this.#isOver) this.#media?.ready()
    for (const [label, data] of this.#early.splice(0)) {
      if (!this.#isOver) this.#events.message(label, data)
    }
  }

  #beat(tag: string, count: number): void {
    this.#channels.get(LINK_CHANNEL.label)!.send(linkMessage.encode({ t: 'beat', tag }))
    const nextMs = count < EARLY_BEATS ? EARLY_BEAT_MS : BEAT_MS
    this.#stopBeat = this.#options.clock.after(nextMs, () => this.#beat(tag, count + 1))
  }

  #restartSilence(): void {
    this.#stopSilence()
    if (!this.#isReady) return
    if (this.#isSilent) {
      this.#isSilent = false
      this.#events.silent(false)
    }
    this.#stopSilence = this.#options.clock.after(SILENT_AFTER_MS, () => {
      this.#isSilent = true
      this.#events.silent(true)
    })
  }

  #end(end: LinkEnd): void {
    if (this.#isOver) return
    this.close()
    this.#events.ended(end)
  }
}
