import { RECORDER_CHANNELS } from '../peer/channel-specs.ts'
import type { Clock } from '../peer/clock.ts'
import type { HailKeys } from '../peer/hail.ts'
import { answerHail } from '../peer/handshake.ts'
import { readRelayBody, SecuredLine } from '../peer/secured-line.ts'
import type { IceServer } from '../protocol/messages/signaling.ts'
import type { RecordsAttachment, SessionRecording } from './session-recording.ts'

/** Time for the last words to leave before a link is closed. */
const FAREWELL_MS = 300

export interface SessionLineOptions {
  readonly sessionId: string
  readonly keys: HailKeys
  readonly recording: SessionRecording
  readonly clock: Clock
  readonly rtc: object
  relay(body: string): void
}

/** The recorder's line to one agent: answers every hail with a line of its own, the newest counts. */
export class SessionLine {
  readonly #options: SessionLineOptions
  #iceServers: readonly IceServer[] = []
  #line: SecuredLine | undefined
  #attachment: RecordsAttachment | undefined

  constructor(options: SessionLineOptions) {
    this.#options = options
  }

  get isUp(): boolean {
    return this.#line?.isUp ?? false
  }

  useIceServers(iceServers: readonly IceServer[]): void {
    this.#iceServers = iceServers
  }

  /** Takes a relay body from the agent. */
  receive(body: string): void {
    if (readRelayBody(body)?.t === 'hail') this.#answer()
    this.#line?.receive(body)
  }

  close(): void {
    this.#line?.close()
    this.#line = undefined
    this.#attachment?.lost()
    this.#attachment = undefined
  }

  #answer(): void {
    const { sessionId, keys, recording, clock, rtc } = this.#options
    const before = this.#line
    const line: SecuredLine = new SecuredLine(
      answerHail(keys, sessionId),
      sessionId,
      {
        isCaller: false,
        role: 'recorder',
        otherRole: 'customer',
        channels: Object.values(RECORDER_CHANNELS),
        iceServers: () => this.#iceServers,
        clock,
        rtc,
      },
      {
        relay: (relayed) => this.#options.relay(relayed),
        proved: () => {},
        ready: () => {
          if (line !== this.#line) return
          before?.close()
          this.#attachment = recording.attach({
            send: (frame) => line.send(RECORDER_CHANNELS.records.label, frame),
            close: () => void clock.after(FAREWELL_MS, () => line.close()),
          })
        },
        message: (_label, data) => {
          if (line === this.#line) this.#attachment?.receive(data)
        },
        lost: () => this.#lost(line),
        back: () => {},
        stage: () => {},
        failed: () => this.#lost(line),
      },
    )
    this.#line = line
  }

  #lost(line: SecuredLine): void {
    if (line !== this.#line) return
    this.#attachment?.lost()
  }
}
