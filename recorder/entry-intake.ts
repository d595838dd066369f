import type { RecordingFile } from './recording-file.ts'
import type { Vault } from './vault.ts'
import { asVaultFailure, type VaultFailure } from './vault-failure.ts'

interface Unwritten {
  readonly seq: number
  readonly bytes: Uint8Array
}

export interface IntakeEvents {
  /** The recording is held; nothing is acknowledged before this resolves. */
  opened(recording: RecordingFile): Promise<void>
  /** More is on the disk than before. */
  durable(): void
  /** Once for each time that it begins. */
  failed(failure: VaultFailure): void
}

/**
 * Takes one agent's entries to the vault. What the disk did not take is kept here and given to it again, so that a
 * disk that was full for a while costs the agent nothing but the wait.
 */
export class EntryIntake {
  readonly #vault: Vault
  readonly #sessionId: string
  readonly #events: IntakeEvents
  #opening: { readonly header: Uint8Array; readonly wraps: Uint8Array } | undefined
  #recording: RecordingFile | undefined
  #unwritten: Unwritten[] = []
  #unwrittenBytes = 0
  #failure: VaultFailure | undefined
  /** Counts the openings: what was given before the newest came over a link that is gone. */
  #opened = 0

  constructor(vault: Vault, sessionId: string, events: IntakeEvents) {
    this.#vault = vault
    this.#sessionId = sessionId
    this.#events = events
  }

  get recording(): RecordingFile | undefined {
    return this.#recording
  }

  /** What the last write or opening failed with; undefined while all is well. */
  get failure(): VaultFailure | undefined {
    return this.#failure
  }

  get unwrittenBytes(): number {
    return this.#unwrittenBytes
  }

  /** A new link begins with the recording's opening; what the link before left unwritten the agent gives again. */
  async begin(header: Uint8Array, wraps: Uint8Array): Promise<void> {
    this.#opened++
    this.#opening = { header, wraps }
    this.#recording = undefined
    this.#unwritten = []
    this.#unwrittenBytes = 0
    await this.retry()
  }

  /** Not while `begin` or `retry` runs: the order would be lost. */
  append(seq: number, bytes: Uint8Array): void {
    this.#unwritten.push({ seq, bytes })
    this.#unwrittenBytes += bytes.length
    if (!this.#failure) this.#give(seq, bytes).catch(() => {})
  }

  /** Proves that the disk can be written and gives it all that waits. Rejects with a `VaultFailure`. */
  async retry(): Promise<void> {
    const before = this.#failure
    try {
      if (before?.isOfDisk) await this.#vault.probe(this.#recording)
      if (!this.#recording && this.#opening) {
        const { header, wraps } = this.#opening
        const recording = await this.#vault.open(this.#sessionId, header, wraps)
        await this.#events.opened(recording)
        this.#recording = recording
      }
      await Promise.all(this.#unwritten.map(({ seq, bytes }) => this.#give(seq, bytes)))
      if (this.#failure !== before) throw this.#failure
      this.#failure = undefined
    } catch (error) {
      this.#failure = asVaultFailure(error)
      throw this.#failure
    }
  }

  async #give(seq: number, bytes: Uint8Array): Promise<void> {
    const opened = this.#opened
    try {
      const durableSeq = await this.#recording!.append(seq, bytes)
      this.#forgetUpTo(durableSeq)
      this.#events.durable()
    } catch (error) {
      const failure = asVaultFailure(error)
      const concernsThisLink = failure.isOfDisk || opened === this.#opened
      if (!this.#failure && concernsThisLink) {
        this.#failure = failure
        this.#events.failed(failure)
      }
      throw failure
    }
  }

  #forgetUpTo(durableSeq: number): void {
    while (this.#unwritten.length > 0 && this.#unwritten[0]!.seq <= durableSeq)
      this.#unwrittenBytes -= this.#unwritten.shift()!.bytes.length
  }
}
