import { EXPERT_CHANNELS } from '../../peer/channel-specs.ts'
import { ChatBox, type ChatEntry } from '../../peer/chat-box.ts'
import type { EndReason } from '../../protocol/end-reason.ts'
import {
  type ExpertToAgent,
  expertToAgent,
  type PicturePreference,
} from '../../protocol/messages/control-channel.ts'
import { LineHands } from './line-hands.ts'
import { SharedScreen } from './shared-screen.ts'
import type { Notice, PictureSink, Watching } from './view.ts'

export interface LinkTalkEvents {
  send(label: string, text: string): void
  changed(): void
  notice(notice: Notice): void
  /** A frame can't be drawn as the schema and its bounds demand. */
  broken(): void
}

/** What goes over the links to one customer: picture and consent, chat, the expert's hands. One for each session. */
export class LinkTalk {
  readonly hands: LineHands
  readonly #events: LinkTalkEvents
  readonly #screen: SharedScreen
  readonly #chat: ChatBox
  #preference: PicturePreference | undefined

  constructor(now: () => number, events: LinkTalkEvents) {
    this.#events = events
    this.hands = new LineHands(events.send)
    this.#screen = new SharedScreen(events.changed, events.notice)
    this.#chat = new ChatBox('expert', now, {
      send: (text) => events.send(EXPERT_CHANNELS.chat.label, text),
      changed: () => events.changed(),
    })
  }

  get chat(): readonly ChatEntry[] {
    return this.#chat.entries
  }

  view(line: 'up' | 'lost'): Watching {
    return this.#screen.view(line)
  }

  /** Returns false where nothing was said (empty, too long). */
  say(text: string): boolean {
    return this.#chat.say(text)
  }

  control(message: ExpertToAgent): void {
    this.#events.send(EXPERT_CHANNELS.control.label, expertToAgent.encode(message))
  }

  drawOn(sink: PictureSink): void {
    this.#screen.drawOn(sink, {
      drawn: (seq) => this.control({ t: 'drawn', seq }),
      filmShown: (id) => this.control({ t: 'film-shown', id }),
      broken: () => this.#events.broken(),
    })
  }

  prefer(picture: PicturePreference): void {
    this.#preference = picture
    this.control({ t: 'prefer', picture })
  }

  /** A new link: what was not delivered on the old one is said again, and everything counts anew. */
  linked(nowMs: number): void {
    this.hands.linked()
    this.#screen.linked(nowMs)
    if (this.#preference) this.prefer(this.#preference)
  }

  resend(): void {
    this.#chat.resend()
  }

  /** Returns the reason when the customer's side says goodbye. Throws on anything malformed. */
  receive(label: string, data: string | Uint8Array): EndReason | undefined {
    if (label !== EXPERT_CHANNELS.chat.label) return this.#screen.receive(label, data)
    this.#chat.receive(data)
    return undefined
  }
}
