import { RECORDER_CHANNELS } from '../../peer/channel-specs.ts'
import type { Clock } from '../../peer/clock.ts'
import { hailRecorder } from '../../peer/handshake.ts'
import type { RecordingAccount } from '../../peer/recording/account.ts'
import { appendMessage, beatMessage, readRecorderMessage } from '../../peer/recording/recorder-messages.ts'
import type { SealedEntry } from '../../peer/recording/unacknowledged.ts'
import { RecordingWriter } from '../../peer/recording/writer.ts'
import { SecuredLine } from '../../peer/secured-line.ts'
import type { ServicePolicy, SignedDocument } from '../../protocol/identity.ts'
import type { PicturePermission } from '../../protocol/interlock.ts'
import type { ContentOf, FilledRecordType, StillsContent } from '../../protocol/messages/entry.ts'
import type { IceServer, RecorderLease } from '../../protocol/messages/signaling.ts'
import { DurableWaits } from './durable-waits.ts'
import { InterlockWatch } from './interlock-watch.ts'
import { nodeCipher, nodeHash } from './node-seal.ts'

/** The recorder is asked twice a second whether its disk still takes what it is given [R1]. */
const BEAT_MS = 500
/** While there is no link to the recorder the hail is said again: it may have just come, or come back without its keys. */
const HAIL_RETRY_MS = 5_000
const RECORDS = RECORDER_CHANNELS.records.label

export interface RecordingOptions {
  readonly sessionId: string
  readonly policy: ServicePolicy
  readonly agentBuild: string
  readonly iceServers: () => readonly IceServer[]
  readonly clock: Clock
  readonly rtc: object
}

export interface RecordingEvents {
  relay(body: string): void
  /** Whether a picture may go out, after every change [R1]. */
  permission(permission: PicturePermission): void
  /** The recording can't go on (a record too large, too much waiting): the session must end. */
  failed(): void
}

/** One session's recording as the agent sees it: sealed here, stored by whichever recorder serves now. */
export class Recording {
  readonly #writer: RecordingWriter
  readonly #options: RecordingOptions
  readonly #events: RecordingEvents
  readonly #interlock: InterlockWatch
  #lease: RecorderLease | null = null
  #line: SecuredLine | undefined
  /** True once the recorder on this link has said what it holds, and has been sent the rest. */
  #isInStep = false
  #beat = 0
  #stopBeat: () => void = () => {}
  #stopHailTimer: () => void = () => {}
  readonly #waits = new DurableWaits()

  static async begin(options: RecordingOptions, events: RecordingEvents): Promise<Recording> {
    const { sessionId, policy, agentBuild, clock } = options
    const now = () => clock.now()
    const sealing = { cipher: nodeCipher, hash: nodeHash }
    const writer = await RecordingWriter.begin({ sessionId, policy, agent: agentBuild, now, ...sealing })
    return new Recording(writer, options, events)
  }

  private constructor(writer: RecordingWriter, options: RecordingOptions, events: RecordingEvents) {
    this.#writer = writer
    this.#options = options
    this.#events = events
    this.#interlock = new InterlockWatch(options.clock, (permission) => events.permission(permission))
  }

  get permission(): PicturePermission {
    return this.#interlock.permission
  }

  /** Name of the recorder that serves now, as the operator's policy calls it [T4]. */
  get recorderName(): string {
    const { recorders } = this.#options.policy
    return recorders.find(({ key }) => key === this.#lease?.key)?.name ?? ''
  }

  /** True once anything of this session is on a recorder's disk. */
  get isHeld(): boolean {
    return this.#writer.acknowledgedSeq >= 0
  }

  /** The server names a recorder, or none. One that the policy does not name is none. */
  assign(lease: RecorderLease | null): void {
    const isKnown = this.#options.policy.recorders.some(({ key }) => key === lease?.key)
    const next = isKnown ? lease : null
    if (next?.epoch === this.#lease?.epoch) {
      this.#line?.call()
      return
    }
    if (next && next.epoch < this.#interlock.highestEpoch) return
    this.#lease = next
    this.#interlock.step({ t: 'assigned', epoch: next?.epoch ?? null })
    this.#hail()
  }

  /** Takes a relay body from the recorder. */
  receive(body: string): void {
    this.#line?.receive(body)
  }

  /**
   * Seals and sends one record. Returns its number in the chain; null where it can't be recorded, since it is too large
   * or too much waits for a recorder: then the session must end.
   */
  record<Type extends FilledRecordType>(
    type: Type,
    content: ContentOf<Type>,
    payload?: Uint8Array,
  ): number | null {
    try {
      return this.#appended(this.#writer.append(type, content, payload))
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      this.#events.failed()
      return null
    }
  }

  /** Pixels captured then have gone to the expert and are not recorded yet. */
  handedOut(capturedAtMs: number): void {
    this.#interlock.step({ t: 'captured', capturedAtMs })
  }

  stills(content: Omit<StillsContent, 't'>, payload: Uint8Array, isKeyframe: boolean, coversUntilMs: number) {
    const seq = this.record(isKeyframe ? 'keyframe' : 'tiles', { t: 'stills', ...content }, payload)
    if (seq !== null) this.#interlock.step({ t: 'stills', seq, coversUntilMs })
  }

  /** Resolves once entry `seq` (0: the header) is on a recorder's disk. */
  durable(seq: number): Promise<void> {
    if (this.#writer.acknowledgedSeq >= seq) return Promise.resolve()
    return this.#waits.until(seq)
  }

  /**
   * Adds the signed closing entry and signs the receipt; the keys are gone at once. The recording is closed for good
   * once its entry `seq` is durable.
   */
  close(receiptOf: (account: RecordingAccount) => string): { seq: number; receipt: SignedDocument | null } {
    const { closing, receipt } = this.#writer.closeWithReceipt(receiptOf)
    return { seq: this.#appended(closing), receipt }
  }

  closeLine(): void {
    this.#stopBeat()
    this.#stopHailTimer()
    this.#interlock.close()
    this.#line?.close()
    this.#line = undefined
  }

  #appended(sealed: SealedEntry): number {
    this.#interlock.step({ t: 'appended', seq: sealed.seq })
    if (this.#isInStep) this.#send(appendMessage(sealed))
    return sealed.seq
  }

  #hail(): void {
    this.#stopHailTimer()
    this.#stopBeat()
    this.#line?.close()
    this.#line = undefined
    this.#isInStep = false
    if (!this.#lease) return
    const { sessionId, iceServers, clock, rtc } = this.#options
    const line: SecuredLine = new SecuredLine(
      hailRecorder(this.#lease.key, sessionId),
      sessionId,
      {
        isCaller: true,
        role: 'customer',
        otherRole: 'recorder',
        channels: Object.values(RECORDER_CHANNELS),
        iceServers,
        clock,
        rtc,
      },
      {
        relay: (body) => this.#events.relay(body),
        proved: () => line.call(),
        ready: () => this.#linked(),
        message: (_label, data) => this.#receiveFrame(data),
        lost: () => this.#outOfStep(),
        back: () => this.#linked(),
        stage: () => {},
        failed: () => this.#outOfStep(),
      },
    )
    this.#line = line
    line.start()
    this.#retryHail()
  }

  #retryHail(): void {
    this.#stopHailTimer()
    this.#stopHailTimer = this.#options.clock.after(HAIL_RETRY_MS, () => {
      if (!this.#line?.isUp) this.#hail()
    })
  }

  #linked(): void {
    this.#isInStep = false
    this.#stopHailTimer()
    this.#send(this.#writer.openMessage)
    this.#sendBeat()
  }

  #outOfStep(): void {
    this.#isInStep = false
    this.#stopBeat()
    this.#retryHail()
  }

  #sendBeat(): void {
    this.#stopBeat()
    const beat = ++this.#beat
    this.#interlock.step({ t: 'beat', beat })
    this.#send(beatMessage(beat))
    this.#stopBeat = this.#options.clock.after(BEAT_MS, () => this.#sendBeat())
  }

  #receiveFrame(data: string | Uint8Array): void {
    if (!(data instanceof Uint8Array)) return
    try {
      const message = readRecorderMessage(data)
      if (message.t === 'ack') this.#acknowledged(message.seq, message.epoch, message.beat)
      else this.#interlock.step({ t: 'trouble', epoch: message.epoch, reason: message.reason })
    } catch {
      // A recorder that can't be understood acknowledges nothing, and the picture stops by itself.
    }
  }

  #acknowledged(seq: number, epoch: number, beat: number): void {
    if (epoch !== this.#lease?.epoch) return
    this.#interlock.step({ t: 'ack', epoch, seq, beat })
    if (!this.#writer.acknowledge(seq)) return
    if (!this.#isInStep) {
      this.#isInStep = true
      for (const sealed of this.#writer.unacknowledgedFrom(seq + 1)) this.#send(appendMessage(sealed))
    }
    this.#waits.reached(seq)
  }

  #send(frame: Uint8Array): void {
    this.#line?.send(RECORDS, frame)
  }
}
