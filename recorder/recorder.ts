import type { Logger } from 'pino'
import { toBase64Url } from '../peer/base64url.ts'
import type { Clock } from '../peer/clock.ts'
import type { HailKeys } from '../peer/hail.ts'
import { SignalingClient, type WebSocketLike } from '../peer/signaling-client.ts'
import type { EndReason } from '../protocol/end-reason.ts'
import {
  type RecorderToServer,
  recorderToServer,
  type ServerToRecorder,
  serverToRecorder,
} from '../protocol/messages/signaling.ts'
import type { RecordingIndex } from './recording-index.ts'
import { SessionLine } from './session-line.ts'
import { SessionRecording } from './session-recording.ts'
import type { Vault } from './vault.ts'

/** After the server said that a session is over, its agent has this long to close the recording. */
const CLOSING_MS = 10_000

export interface RecorderOptions {
  readonly connect: () => WebSocketLike
  readonly keys: HailKeys
  readonly vault: Vault
  readonly index: RecordingIndex
  readonly clock: Clock
  readonly rtc: object
  readonly log: Logger
  /** Brings the service a part of a recording that it asked for. */
  readonly bring: (asked: VaultRead) => Promise<void>
  /** Keeps a recording for longer, or no longer, and tells the service what became of it. */
  readonly hold: (asked: VaultHold) => Promise<void>
}

type VaultRead = Extract<ServerToRecorder, { t: 'vault.read' }>
type VaultHold = Extract<ServerToRecorder, { t: 'vault.hold' }>

interface Recorded {
  readonly recording: SessionRecording
  readonly line: SessionLine
  stopClosingTimer: () => void
}

/** The third peer: joins every session that the server gives it, and stores what it cannot read [T4, R3]. */
export class Recorder {
  readonly #options: RecorderOptions
  readonly #sessions = new Map<string, Recorded>()
  readonly #signaling: SignalingClient<ServerToRecorder, RecorderToServer>

  /** @param unfinished recordings that a process before this one left open */
  constructor(options: RecorderOptions, unfinished: readonly string[]) {
    this.#options = options
    for (const sessionId of unfinished) this.#take(sessionId, 1)
    this.#signaling = new SignalingClient(
      {
        connect: options.connect,
        decode: serverToRecorder,
        encode: recorderToServer,
        clock: options.clock,
        random: Math.random,
      },
      {
        opened: () => {
          options.log.info('recorder is ready')
          this.#signaling.send({ t: 'recorder.ready', key: toBase64Url(options.keys.publicKey) })
        },
        message: (message) => this.#receive(message),
        down: (attempt) => {
          if (attempt === 1) options.log.warn('signaling is out of reach; trying again by itself')
        },
      },
    )
  }

  /** Stops at once; recordings under way stay open and are taken up by the next process. */
  close(): void {
    this.#signaling.close()
    for (const { recording, line } of this.#sessions.values()) {
      recording.stop()
      line.close()
    }
    this.#sessions.clear()
  }

  #receive(message: ServerToRecorder): void {
    switch (message.t) {
      case 'recorder.assign': {
        const { line } = this.#take(message.sessionId, message.epoch)
        line.useIceServers(message.iceServers)
        break
      }
      case 'relayed':
        this.#sessions.get(message.sessionId)?.line.receive(message.body)
        break
      case 'session.ended':
        this.#sessionEnded(message.sessionId, message.reason)
        break
      case 'vault.read':
        this.#options.bring(message).catch(() => {
          this.#options.log.warn('a part of a recording could not be brought to the service')
        })
        break
      case 'vault.hold':
        // Where the service does not hear of it, it asks again.
        this.#options.hold(message).catch(() => {
          this.#options.log.warn('a hold could not be carried out or told of, and is tried again')
        })
        break
      case 'refused':
        this.#options.log.error({ code: message.code }, 'signaling refused the recorder')
    }
  }

  #take(sessionId: string, epoch: number): Recorded {
    const known = this.#sessions.get(sessionId)
    if (known) {
      known.recording.setEpoch(epoch)
      return known
    }
    const { vault, index, clock, keys, rtc, log } = this.#options
    const recording = new SessionRecording({
      sessionId,
      epoch,
      vault,
      index,
      clock,
      ended: (ending) => {
        log.info({ sessionId, closed: ending?.closed, entries: ending?.entries }, 'recording ended')
        this.#forget(sessionId)
      },
      note: ({ sessionId, event, detail }) => log.info({ sessionId, event, detail }, 'recording'),
    })
    const line = new SessionLine({
      sessionId,
      keys,
      recording,
      clock,
      rtc,
      relay: (body) => this.#signaling.send({ t: 'relay', to: 'customer', sessionId, body }),
    })
    const recorded: Recorded = { recording, line, stopClosingTimer: () => {} }
    this.#sessions.set(sessionId, recorded)
    return recorded
  }

  #sessionEnded(sessionId: string, reason: EndReason): void {
    const recorded = this.#sessions.get(sessionId)
    if (!recorded) {
      this.#signaling.send({ t: 'recorder.done', sessionId })
      return
    }
    // An agent that is there closes its recording itself; one that died cannot.
    const waitMs = reason === 'agent-crashed' ? 0 : CLOSING_MS
    recorded.stopClosingTimer()
    recorded.stopClosingTimer = this.#options.clock.after(
      waitMs,
      () => void recorded.recording.abandon(reason),
    )
  }

  #forget(sessionId: string): void {
    const recorded = this.#sessions.get(sessionId)
    if (!recorded) return
    recorded.stopClosingTimer()
    this.#sessions.delete(sessionId)
    this.#signaling.send({ t: 'recorder.done', sessionId })
    // The last acknowledgement is still on its way to the agent.
    this.#options.clock.after(1_000, () => recorded.line.close())
  }
}
