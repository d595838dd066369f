import type { Clock } from '../peer/clock.ts'
import type { EndReason } from '../protocol/end-reason.ts'
import { Refusal } from '../protocol/refusals.ts'
import { AgentLine, type RecordsConnection } from './agent-line.ts'
import type { AgentMessage } from './agent-message.ts'
import { EntryIntake } from './entry-intake.ts'
import { endRecording } from './recording-end.ts'
import type { RecordingFile } from './recording-file.ts'
import { factsOf, type RecordingEnding, type RecordingIndex } from './recording-index.ts'
import type { RecordingNote } from './recording-note.ts'
import type { Vault } from './vault.ts'
import { asVaultFailure, VaultFailure } from './vault-failure.ts'

/** An agent that lost its line comes back within this time, or its recording is abandoned. */
const GRACE_MS = 5 * 60_000
/** Most that may wait in memory; an agent keeps as much at most, so an honest one stays below. */
const MAX_WAITING_BYTES = 64 * 1024 * 1024
const PROGRESS_EVERY_MS = 10_000

/** What the link tells of itself. */
export interface RecordsAttachment {
  receive(frame: string | Uint8Array): void
  /** It is silent. A frame that comes after all shows that it is back; until then the grace runs. */
  lost(): void
}

export interface SessionRecordingOptions {
  readonly sessionId: string
  readonly epoch: number
  readonly vault: Vault
  readonly index: RecordingIndex
  readonly clock: Clock
  readonly graceMs?: number
  /** Once, last of all. Null: there was nothing to end, or what there is can't be read. */
  ended(ending: RecordingEnding | null): void
  note(note: RecordingNote): void
}

/** The recorder's side of one session: the agent's messages in order, from one link after another. */
export class SessionRecording {
  readonly #options: SessionRecordingOptions
  readonly #intake: EntryIntake
  #epoch: number
  #line: AgentLine | undefined
  /** While an opening or a retry runs, messages wait in the inbox. */
  #busy: Promise<void> | undefined
  #ending: Promise<void> | undefined
  #isAckDue = false
  #progressedAtMs = 0
  #stopGrace: () => void = () => {}
  readonly #stopping = new AbortController()

  /** Waits for the agent from now on: also for one whose recording was under way when this process died. */
  constructor(options: SessionRecordingOptions) {
    this.#options = options
    this.#epoch = options.epoch
    this.#intake = new EntryIntake(options.vault, options.sessionId, {
      opened: (recording) => this.#opened(recording),
      durable: () => this.#durable(),
      failed: (failure) => this.#fail(this.#line, failure),
    })
    this.#startGrace()
  }

  /** The server made this recorder's lease anew; acknowledgements carry the new epoch. */
  setEpoch(epoch: number): void {
    this.#epoch = epoch
  }

  /** A link is ready. The one before, if any, no longer counts. */
  attach(connection: RecordsConnection): RecordsAttachment {
    this.#stopGrace()
    this.#line?.close()
    const line = new AgentLine(connection)
    this.#line = line
    return {
      receive: (frame) => this.#receive(line, frame),
      lost: () => {
        if (line === this.#line) this.#startGrace()
      },
    }
  }

  /** The session is over without a closing entry. Resolves when that is on the disk and in the index. */
  abandon(reason: EndReason): Promise<void> {
    return this.#end(reason)
  }

  /** The process ends; the recording stays open and is taken up again by the next one. */
  stop(): void {
    this.#stopping.abort()
    this.#stopGrace()
    this.#line?.close()
    this.#line = undefined
  }

  #receive(line: AgentLine, frame: string | Uint8Array): void {
    if (line !== this.#line || this.#ending) {
      if (!line.isLate) this.#note('late-frame')
      line.isLate = true
      return
    }
    this.#stopGrace()
    try {
      line.put(frame)
    } catch (error) {
      this.#refuse(line, error instanceof Refusal ? error.code : 'internal')
      return
    }
    const waitingBytes = line.waitingBytes + this.#intake.unwrittenBytes
    if (waitingBytes > MAX_WAITING_BYTES) this.#drop(line, new VaultFailure('disk-failed', 'too much waits'))
    else this.#drain()
  }

  #drain(): void {
    while (this.#line && !this.#busy && !this.#ending) {
      const message = this.#line.take()
      if (!message) return
      this.#handle(this.#line, message)
    }
  }

  #handle(line: AgentLine, message: AgentMessage): void {
    if (message.t === 'open') {
      line.isOpen = true
      this.#alone(line, () => this.#intake.begin(message.header, message.wraps))
    } else if (!line.isOpen) this.#refuse(line, 'wrong-state')
    else if (message.t === 'append') this.#intake.append(message.seq, message.bytes)
    else if (!this.#intake.failure) this.#answer(line, message.beat)
    else this.#alone(line, () => this.#intake.retry(), message.beat)
  }

  /** Runs what the messages behind have to wait for, then says how it went. */
  #alone(line: AgentLine, action: () => Promise<void>, beat = 0): void {
    const before = this.#intake.failure
    const failed = (error: unknown) => this.#fail(line, asVaultFailure(error), before !== undefined)
    const done = () => {
      if (before) this.#note('recovered')
      this.#answer(line, beat)
    }
    this.#busy = action()
      .then(done, failed)
      .finally(() => {
        this.#busy = undefined
        this.#endIfClosed()
        this.#drain()
      })
  }

  #answer(line: AgentLine, beat: number): void {
    const recording = this.#intake.recording
    if (line !== this.#line || !line.isOpen || !recording || this.#intake.failure) return
    const { chain, durableSeq } = recording
    if (chain.closed === 'abandoned') this.#drop(line, new VaultFailure('refused', 'abandoned before'))
    else line.acknowledge(this.#epoch, durableSeq, beat)
  }

  async #opened(recording: RecordingFile): Promise<void> {
    await this.#options.index.opened(factsOf(recording))
    this.#note('held', `${recording.chain.entries} entries`)
  }

  /** One ack for all that one fsync made durable: they come in the same turn. */
  #durable(): void {
    if (this.#isAckDue) return
    this.#isAckDue = true
    queueMicrotask(() => {
      this.#isAckDue = false
      if (this.#line) this.#answer(this.#line, 0)
      this.#progress()
      this.#endIfClosed()
    })
  }

  #progress(): void {
    const nowMs = this.#options.clock.now()
    const recording = this.#intake.recording
    if (!recording || Math.abs(nowMs - this.#progressedAtMs) < PROGRESS_EVERY_MS) return
    this.#progressedAtMs = nowMs
    this.#options.index
      .progressed(factsOf(recording))
      .catch((error: Error) => this.#note('index-failed', error.message))
  }

  #endIfClosed(): void {
    if (this.#intake.recording?.chain.closed === 'closed') void this.#end(null)
  }

  #end(reason: EndReason | null): Promise<void> {
    this.#ending ??= this.#endOnce(reason)
    return this.#ending
  }

  async #endOnce(reason: EndReason | null): Promise<void> {
    this.#stopGrace()
    // An agent that is still there has to learn that nothing more is taken; one that closed ends the link itself.
    if (reason) this.#line?.close()
    await this.#busy
    const { sessionId, vault, index, clock } = this.#options
    const ending = await endRecording({
      sessionId,
      reason,
      vault,
      index,
      clock,
      intake: this.#intake,
      stopping: this.#stopping.signal,
      delayed: (detail) => this.#note('end-delayed', detail),
    })
    if (!this.#stopping.signal.aborted) this.#options.ended(ending)
  }

  #refuse(line: AgentLine, code: string): void {
    this.#note('refused', code)
    this.#drop(line, new VaultFailure('refused', code))
  }

  /** @param isKnown the trouble goes on; the agent is told again, the operator is not */
  #fail(line: AgentLine | undefined, failure: VaultFailure, isKnown = false): void {
    if (!failure.isOfDisk && line) this.#drop(line, failure)
    else {
      if (!isKnown) this.#note('trouble', failure.message)
      if (line === this.#line) line?.tellTrouble(this.#epoch, failure.reason)
    }
  }

  /** What the disk can't mend, only a new link with a new opening can. */
  #drop(line: AgentLine, failure: VaultFailure): void {
    if (line !== this.#line) return
    this.#note('trouble', failure.message)
    line.tellTrouble(this.#epoch, failure.reason)
    line.close()
    this.#line = undefined
    this.#startGrace()
  }

  #startGrace(): void {
    if (this.#ending || this.#stopping.signal.aborted) return
    this.#stopGrace()
    const graceMs = this.#options.graceMs ?? GRACE_MS
    this.#stopGrace = this.#options.clock.after(graceMs, () => void this.abandon('line-lost'))
  }

  #note(event: RecordingNote['event'], detail?: string): void {
    const { sessionId, note } = this.#options
    note({ sessionId, event, ...(detail === undefined ? {} : { detail }) })
  }
}
