import { join } from 'node:path'
import type { Test } from 'tap'
import type { Clock } from '../../peer/clock.ts'
import { appendMessage, beatMessage, readRecorderMessage } from '../../peer/recording/recorder-messages.ts'
import type { SealedEntry } from '../../peer/recording/unacknowledged.ts'
import type { RecorderToAgent } from '../../protocol/messages/recording.ts'
import type { Disk } from '../../recorder/disk.ts'
import type { RecordingEnding, RecordingFacts } from '../../recorder/recording-index.ts'
import type { RecordingNote } from '../../recorder/recording-note.ts'
import { type RecordsAttachment, SessionRecording } from '../../recorder/session-recording.ts'
import type { Vault, VaultOptions } from '../../recorder/vault.ts'
import { type MadeRecording, makeRecording, SESSION } from '../fixtures/recording.ts'
import { vaultAt } from './vault-at.ts'

/** Turned by hand. */
export class HandClock implements Clock {
  #nowMs = 1_000_000
  #timers = new Set<{ dueMs: number; action: () => void }>()

  now(): number {
    return this.#nowMs
  }

  steadyMs(): number {
    return this.#nowMs
  }

  after(delayMs: number, action: () => void): () => void {
    const timer = { dueMs: this.#nowMs + delayMs, action }
    this.#timers.add(timer)
    return () => this.#timers.delete(timer)
  }

  pass(ms: number): void {
    this.#nowMs += ms
    for (const timer of [...this.#timers]) {
      if (timer.dueMs > this.#nowMs || !this.#timers.delete(timer)) continue
      timer.action()
    }
  }
}

/** Things that happen, and a way to wait for one without sleeping. */
export class Happenings<Thing> {
  readonly all: Thing[] = []
  #waiting: (() => void)[] = []

  add(thing: Thing): void {
    this.all.push(thing)
    for (const look of this.#waiting.splice(0)) look()
  }

  /** The first that fits, from the `from`th on. */
  async first(fits: (thing: Thing) => boolean, from = 0): Promise<Thing> {
    for (;;) {
      const found = this.all.slice(from).find(fits)
      if (found !== undefined) return found
      await new Promise<void>((look) => this.#waiting.push(look))
    }
  }
}

/** One link of a made-up agent to a recorder's session. */
export class LinkDouble {
  readonly heard = new Happenings<RecorderToAgent>()
  isClosed = false
  readonly #attachment: RecordsAttachment
  #beat = 0

  constructor(recording: SessionRecording) {
    this.#attachment = recording.attach({
      send: (frame) => this.heard.add(readRecorderMessage(frame)),
      close: () => {
        this.isClosed = true
      },
    })
  }

  send(frame: string | Uint8Array): void {
    this.#attachment.receive(frame)
  }

  append(entry: SealedEntry): void {
    this.send(appendMessage(entry))
  }

  lose(): void {
    this.#attachment.lost()
  }

  async ackOf(seq: number): Promise<void> {
    await this.heard.first((message) => message.t === 'ack' && message.seq >= seq)
  }

  /** Sends a beat and returns what the recorder says to it: the ack with its number, or the trouble. */
  async beat(): Promise<RecorderToAgent> {
    const from = this.heard.all.length
    const beat = ++this.#beat
    this.send(beatMessage(beat))
    return this.heard.first(
      ({ t, ...rest }) => t === 'trouble' || ('beat' in rest && rest.beat >= beat),
      from,
    )
  }
}

export interface Scene extends MadeRecording {
  readonly directory: string
  readonly vault: Vault
  readonly recording: SessionRecording
  readonly clock: HandClock
  readonly notes: Happenings<RecordingNote>
  readonly index: Happenings<[string, RecordingFacts | RecordingEnding]>
  readonly ended: Happenings<RecordingEnding | null>
  /** While set, the index fails with it. */
  indexFailure: Error | undefined
  link(): LinkDouble
  chat(text?: string): SealedEntry
}

export interface SceneOptions extends Omit<Partial<VaultOptions>, 'disk'> {
  readonly disk?: Disk
  readonly made?: MadeRecording
}

export async function sessionScene(t: Test, options: SceneOptions = {}): Promise<Scene> {
  const directory = options.directory ?? join(t.testdir(), 'vault')
  const made = options.made ?? (await makeRecording())
  const vault = vaultAt(directory, options)
  const clock = new HandClock()
  const notes = new Happenings<RecordingNote>()
  const index = new Happenings<[string, RecordingFacts | RecordingEnding]>()
  const ended = new Happenings<RecordingEnding | null>()
  const tell = (what: string) => async (facts: RecordingFacts) => {
    index.add([what, facts])
    if (scene.indexFailure) throw scene.indexFailure
  }
  const recording = new SessionRecording({
    sessionId: SESSION,
    epoch: 1,
    vault,
    clock,
    index: { opened: tell('opened'), progressed: tell('progressed'), closed: tell('closed') },
    ended: (ending) => ended.add(ending),
    note: (note) => notes.add(note),
  })
  const scene: Scene = {
    ...made,
    directory,
    vault,
    recording,
    clock,
    notes,
    index,
    ended,
    indexFailure: undefined,
    link: () => {
      const link = new LinkDouble(recording)
      link.send(made.writer.openMessage)
      return link
    },
    chat: (text = 'a line') => made.writer.append('chat', { t: 'chat', from: 'expert', text }),
  }
  t.teardown(async () => {
    recording.stop()
    await vault.close()
  })
  return scene
}
