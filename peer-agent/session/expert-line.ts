import { EXPERT_CHANNELS } from '../../peer/channel-specs.ts'
import { ChatBox, type ChatEntry } from '../../peer/chat-box.ts'
import type { Clock } from '../../peer/clock.ts'
import type { LinkMedia } from '../../peer/link-media.ts'
import { Proof } from '../../peer/proof.ts'
import { SecuredLine } from '../../peer/secured-line.ts'
import type { EndReason } from '../../protocol/end-reason.ts'
import type { SignedDocument } from '../../protocol/identity.ts'
import type { Level } from '../../protocol/level.ts'
import {
  agentToExpert,
  expertToAgent,
  type LineQuality,
  type PicturePreference,
  type PictureState,
  type SharingState,
} from '../../protocol/messages/control-channel.ts'
import type { IceServer } from '../../protocol/messages/signaling.ts'

export interface ExpertLineOptions {
  readonly secret: string
  readonly sessionId: string
  readonly origin: string
  readonly card: SignedDocument
  readonly iceServers: () => readonly IceServer[]
  readonly clock: Clock
  readonly rtc: object
  /** The film, for every link of this line; without it the links carry none. */
  readonly film?: LinkMedia
}

export interface ExpertLineEvents {
  relay(body: string): void
  /** The expert holds the same secret, so the card is theirs and nobody listens in [T1]. */
  proved(): void
  /** A link is ready, at first or a new one after the line was lost. */
  linked(): void
  lost(): void
  back(): void
  drawn(seq: number): void
  /** A frame of this film is on the expert's canvas; what is under it may go. */
  filmShown(id: number): void
  /** What the expert would rather have where the line can't carry both. */
  preferred(picture: PicturePreference): void
  asked(level: Level): void
  /** The expert needs this level no longer. */
  returned(level: Level): void
  /** One message of a channel whose words others know; what they throw on ends the session. */
  input(data: string | Uint8Array): void
  pointer(data: string | Uint8Array): void
  clipboard(data: string | Uint8Array): void
  chat(entry: ChatEntry, isNew: boolean): void
  /** The expert said goodbye, or cannot be trusted any further. */
  ended(reason: EndReason, isByExpert: boolean): void
}

/** The agent's line to the expert: proof, link, and the channels on it. */
export class ExpertLine {
  readonly #line: SecuredLine
  readonly #chat: ChatBox
  readonly #events: ExpertLineEvents
  #state: SharingState | undefined
  #picture: PictureState = { t: 'picture', state: 'live' }
  #lineQuality: LineQuality = 'good'

  constructor(options: ExpertLineOptions, events: ExpertLineEvents) {
    const { secret, sessionId, origin, card, iceServers, clock, rtc, film } = options
    this.#events = events
    this.#chat = new ChatBox('customer', () => clock.now(), {
      send: (text) => this.#line.send(EXPERT_CHANNELS.chat.label, text),
      changed: (entry, isNew) => events.chat(entry, isNew),
    })
    const proof = new Proof({ role: 'customer', secret, sessionId, origin, card })
    this.#line = new SecuredLine(
      proof,
      sessionId,
      {
        isCaller: true,
        role: 'customer',
        otherRole: 'expert',
        channels: Object.values(EXPERT_CHANNELS),
        iceServers,
        clock,
        rtc,
        ...(film ? { media: film } : {}),
      },
      {
        relay: (body) => events.relay(body),
        proved: () => events.proved(),
        stage: () => {},
        failed: (reason) => events.ended(reason, false),
        ready: () => {
          this.#sendState()
          this.#sendLine()
          this.#chat.resend()
          events.linked()
        },
        lost: () => events.lost(),
        back: () => events.back(),
        message: (label, data) => this.#receive(label, data),
      },
    )
  }

  /** Begins the proof. */
  start(): void {
    this.#line.start()
  }

  receive(body: string): void {
    this.#line.receive(body)
  }

  /** Tells the expert, sealed through the server, what the customer is doing before there is a link. */
  tellStage(stage: 'deciding' | 'granted' | 'waiting-for-recorder'): void {
    this.#line.tellStage(stage)
  }

  /** Makes the link, or tries again now that signaling is back. */
  call(): void {
    this.#line.call()
  }

  say(text: string): void {
    this.#chat.say(text)
  }

  send(label: string, data: string | Uint8Array): boolean {
    return this.#line.send(label, data)
  }

  /** Kept and said again on every new link. */
  tellState(state: Omit<SharingState, 't'>): void {
    this.#state = { t: 'state', ...state }
    this.#sendState()
  }

  tellPicture(picture: Omit<PictureState, 't'>): void {
    this.#picture = { t: 'picture', ...picture }
    this.#sendState()
  }

  /** Kept like the state; the expert takes a line for good until told otherwise. */
  tellLine(quality: LineQuality): void {
    if (quality === this.#lineQuality) return
    this.#lineQuality = quality
    this.#sendLine()
  }

  sendClipboard(text: string): void {
    this.#line.send(EXPERT_CHANNELS.clipboard.label, text)
  }

  tellShielded(): void {
    this.#line.send(EXPERT_CHANNELS.control.label, agentToExpert.encode({ t: 'shielded' }))
  }

  sayBye(reason: EndReason): void {
    this.#line.send(EXPERT_CHANNELS.control.label, agentToExpert.encode({ t: 'bye', reason }))
  }

  close(): void {
    this.#line.close()
  }

  #sendState(): void {
    if (!this.#state) return
    this.#line.send(EXPERT_CHANNELS.control.label, agentToExpert.encode(this.#state))
    this.#line.send(EXPERT_CHANNELS.control.label, agentToExpert.encode(this.#picture))
  }

  #sendLine(): void {
    const line = agentToExpert.encode({ t: 'line', quality: this.#lineQuality })
    this.#line.send(EXPERT_CHANNELS.control.label, line)
  }

  #receive(label: string, data: string | Uint8Array): void {
    try {
      switch (label) {
        case EXPERT_CHANNELS.chat.label:
          this.#chat.receive(data)
          break
        case EXPERT_CHANNELS.control.label:
          this.#control(data)
          break
        case EXPERT_CHANNELS.input.label:
          this.#events.input(data)
          break
        case EXPERT_CHANNELS.pointer.label:
          this.#events.pointer(data)
          break
        case EXPERT_CHANNELS.clipboard.label:
          this.#events.clipboard(data)
          break
        default:
          // Nothing else flows this way; what comes all the same ends the session below.
          throw new TypeError(`unexpected data on channel ${label}`)
      }
    } catch {
      this.#events.ended('protocol-error', false)
    }
  }

  #control(data: string | Uint8Array): void {
    const message = expertToAgent.decode(data)
    switch (message.t) {
      case 'drawn':
        this.#events.drawn(message.seq)
        break
      case 'film-shown':
        this.#events.filmShown(message.id)
        break
      case 'prefer':
        this.#events.preferred(message.picture)
        break
      case 'ask':
        this.#events.asked(message.level)
        break
      case 'return':
        this.#events.returned(message.level)
        break
      case 'bye':
        this.#events.ended(message.reason, true)
    }
  }
}
