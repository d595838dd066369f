import type { SecuredLine } from '../../peer/secured-line.ts'
import type { EndReason } from '../../protocol/end-reason.ts'
import {
  type ExpertEvent,
  type ExpertSessionState,
  stepExpertSession,
} from '../../protocol/expert-session.ts'
import type { Level, Role } from '../../protocol/level.ts'
import type { PicturePreference } from '../../protocol/messages/control-channel.ts'
import type { IceServer, ServerToExpert } from '../../protocol/messages/signaling.ts'
import { drawSecret, formatNumber } from '../../protocol/number.ts'
import { customerLine, type ExpertSessionOptions, FAREWELL_MS, PROOF_TIMEOUT_MS } from './customer-line.ts'
import { LinkTalk } from './link-talk.ts'
import { connectSignaling, type Signaling } from './signaling.ts'
import type { ChatEntry, ExpertSession, ExpertView, Notice, PictureSink, RemoteHands } from './view.ts'

type Opened = Extract<ServerToExpert, { t: 'session.opened' }>

/** The expert's side of one session after the other: number, proof, picture, chat, end. */
export class LiveExpertSession implements ExpertSession {
  readonly #options: ExpertSessionOptions
  readonly #listeners = new Set<() => void>()
  #state: ExpertSessionState = { phase: 'idle' }
  #signaling: Signaling | undefined
  #opened: Opened | undefined
  #secret: string | undefined
  #iceServers: readonly IceServer[] = []
  #line: SecuredLine | undefined
  readonly #noticeListeners = new Set<(notice: Notice) => void>()
  #talk = this.#newTalk()
  #sink: PictureSink | undefined
  #stopProofTimer: () => void = () => {}

  constructor(options: ExpertSessionOptions) {
    this.#options = options
  }

  get view(): ExpertView {
    return this.#state.phase === 'watching' ? this.#talk.view(this.#state.line) : this.#state
  }

  get chat(): readonly ChatEntry[] {
    return this.#talk.chat
  }

  get hands(): RemoteHands {
    return this.#talk.hands
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  newSession(): void {
    if (!this.#step({ t: 'new-session' })) return
    this.#forget()
    this.#talk = this.#newTalk()
    if (this.#sink) this.#talk.drawOn(this.#sink)
    if (this.#signaling) this.#signaling.send({ t: 'session.open' })
    else {
      const events = {
        opened: () => this.#signalingOpened(),
        message: (m: ServerToExpert) => this.#receive(m),
      }
      this.#signaling = connectSignaling(this.#options, events)
    }
    this.#changed()
  }

  end(): void {
    this.#leave(this.#state.phase === 'waiting' ? 'number-cancelled' : 'expert-ended')
  }

  sendChat(text: string): boolean {
    return this.#state.phase === 'watching' && this.#talk.say(text)
  }

  drawOn(sink: PictureSink): void {
    this.#sink = sink
    this.#talk.drawOn(sink)
  }

  prefer(picture: PicturePreference): void {
    this.#talk.prefer(picture)
  }

  ask(level: Level): void {
    this.#talk.control({ t: 'ask', level })
  }

  giveBack(level: 'control' | 'admin'): void {
    this.#talk.control({ t: 'return', level })
  }

  onNotice(listener: (notice: Notice) => void): () => void {
    this.#noticeListeners.add(listener)
    return () => this.#noticeListeners.delete(listener)
  }

  close(): void {
    if (this.#state.phase !== 'idle' && this.#state.phase !== 'ended') this.end()
    this.#forget()
    this.#signaling?.close()
    this.#signaling = undefined
  }

  #signalingOpened(): void {
    if (this.#state.phase === 'opening') this.#signaling!.send({ t: 'session.open' })
    else if (this.#opened) {
      const { sessionId, token } = this.#opened
      this.#signaling!.send({ t: 'session.reattach', sessionId, token })
    }
  }

  #receive(message: ServerToExpert): void {
    switch (message.t) {
      case 'session.opened':
        this.#sessionOpened(message)
        break
      case 'session.reattached':
        this.#iceServers = message.iceServers
        break
      case 'peer':
        if (message.role === 'customer') this.#customerPresence(message.presence)
        break
      case 'relayed':
        if (message.from === 'customer') this.#line?.receive(message.body)
        break
      case 'session.ended':
        if (message.sessionId === this.#opened?.sessionId) this.#ended(message.reason, message.by)
        break
      case 'refused':
        if (message.code === 'not-logged-in') this.#loggedOut()
        else if (message.code === 'session-over') this.#ended('line-lost', null)
        else this.#step({ t: 'refused', code: message.code })
    }
  }

  #sessionOpened(opened: Opened): void {
    const secret = drawSecret(this.#options.random32)
    const number = formatNumber({ nameplate: opened.nameplate, secret })
    if (!this.#step({ t: 'opened', number, expiresAtMs: opened.expiresAtMs })) return
    this.#opened = opened
    this.#secret = secret
    this.#iceServers = opened.iceServers
  }

  #customerPresence(presence: 'joined' | 'lost' | 'back'): void {
    if (presence === 'joined' && this.#step({ t: 'customer-joined' })) this.#prove()
    // Whoever vanishes before the proof has to come with a new number: this one is burned [N3].
    if (presence === 'lost' && this.#state.phase === 'proving') this.#leave('line-lost')
  }

  #prove(): void {
    const { sessionId, card } = this.#opened!
    const proven = { secret: this.#secret!, sessionId, card }
    this.#secret = undefined
    this.#line = customerLine(this.#options, proven, () => this.#iceServers, {
      relay: (body) => this.#signaling!.send({ t: 'relay', to: 'customer', body }),
      proved: () => {
        this.#stopProofTimer()
        this.#step({ t: 'proved' })
      },
      stage: (stage) =>
        stage === 'deciding'
          ? this.#step({ t: 'deciding' })
          : this.#step({ t: 'granted', waitingForRecorder: stage === 'waiting-for-recorder' }),
      failed: (reason) => this.#leave(reason),
      ready: () => this.#linked(),
      lost: () => this.#step({ t: 'line-lost' }),
      back: () => this.#step({ t: 'linked' }),
      message: (label, data) => this.#message(label, data),
      film: (track) => this.#sink?.film(track),
    })
    this.#stopProofTimer = this.#options.clock.after(PROOF_TIMEOUT_MS, () => this.#leave('no-connection'))
    this.#line.start()
  }

  #linked(): void {
    this.#sink?.reset()
    this.#talk.linked(this.#options.clock.now())
    this.#step({ t: 'linked' })
    this.#talk.resend()
  }

  #message(label: string, data: string | Uint8Array): void {
    try {
      const farewell = this.#talk.receive(label, data)
      if (farewell) this.#ended(farewell, 'customer')
    } catch {
      // What the agent's schema does not allow is not the agent we proved: the session is over.
      this.#leave('protocol-error')
    }
  }

  #leave(reason: EndReason): void {
    const { phase } = this.#state
    if (phase === 'idle' || phase === 'ended') return
    this.#talk.control({ t: 'bye', reason })
    if (this.#opened) this.#signaling?.send({ t: 'session.leave', reason })
    this.#ended(reason, 'expert')
  }

  #ended(reason: EndReason, by: Role | null): void {
    if (this.#step({ t: 'ended', reason, by })) this.#forget()
  }

  #loggedOut(): void {
    this.#forget()
    this.#signaling?.close()
    this.#signaling = undefined
    this.#state = { phase: 'idle', problem: 'not-logged-in' }
    this.#changed()
  }

  /** Lets go of everything that belongs to one session; the connection to the server stays. */
  #forget(): void {
    this.#stopProofTimer()
    const line = this.#line
    this.#line = undefined
    this.#opened = undefined
    this.#secret = undefined
    if (line) this.#options.clock.after(FAREWELL_MS, () => line.close())
  }

  #newTalk(): LinkTalk {
    return new LinkTalk(() => this.#options.clock.now(), {
      send: (label, text) => void this.#line?.send(label, text),
      changed: () => this.#changed(),
      notice: (notice) => {
        for (const listener of this.#noticeListeners) listener(notice)
      },
      broken: () => this.#leave('protocol-error'),
    })
  }

  #step(event: ExpertEvent): boolean {
    const next = stepExpertSession(this.#state, event)
    if (!next) return false
    this.#state = next
    this.#changed()
    return true
  }

  #changed(): void {
    for (const listener of this.#listeners) listener()
  }
}
