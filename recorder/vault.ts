import { entryHash } from '../peer/recording/chain.ts'
import type { RecordingHeader } from '../protocol/messages/entry.ts'
import { type Disk, type DiskFile, nodeDisk, openForReading } from './disk.ts'
import { type EntryChunk, type EntryRange, readEntries } from './entry-chunks.ts'
import { ExpiryKeys } from './expiry-keys.ts'
import { GroupCommit } from './group-commit.ts'
import { nodeHash } from './node-hash.ts'
import { RecordingFile } from './recording-file.ts'
import { type Measured, measureFile, measureHeld } from './recording-measure.ts'
import { readOpening } from './recording-opening.ts'
import { readRecordingName, recordingPaths } from './recording-paths.ts'
import { endOf } from './sealed-wraps.ts'
import { asVaultFailure, VaultFailure } from './vault-failure.ts'
import { WrapsShelf, WrapsUnreadable } from './wraps-shelf.ts'

/** Below this no new recording starts; what is left is for the sessions that run. */
const FLOOR_BYTES = 64 * 1024 * 1024
/** A full disk counts as free again only above this, or the picture would come and go with every freed block. */
const RESERVE_BYTES = 4 * 1024 * 1024

export interface VaultOptions {
  /** `<data>/recorder/vault` */
  readonly directory: string
  /** The folder of expiry keys; in no backup. */
  readonly keysDirectory: string
  /** The recorder's own time, from which a recording's days count; not the customer's, not what a wall clock jumps to. */
  readonly now: () => number
  readonly disk?: Disk
  readonly floorBytes?: number
  readonly reserveBytes?: number
}

const DAY_MS = 24 * 60 * 60_000

/**
 * All recordings of one recorder, sealed: it checks their form, keeps them durable [R8] and can read nothing of them
 * [R3]. One process at a time may use a directory.
 */
export class Vault {
  readonly keys: ExpiryKeys
  readonly wraps: WrapsShelf
  readonly #directory: string
  readonly #disk: Disk
  readonly #now: () => number
  readonly #floorBytes: number
  readonly #reserveBytes: number
  readonly #commits = new GroupCommit()
  /** One file object a session, however many ask for it at once. */
  readonly #held = new Map<string, Promise<RecordingFile | undefined>>()

  constructor(options: VaultOptions) {
    this.#directory = options.directory
    this.#disk = options.disk ?? nodeDisk
    this.#now = options.now
    this.keys = new ExpiryKeys(options.keysDirectory, this.#disk)
    this.wraps = new WrapsShelf(this.#directory, this.#disk, this.keys)
    this.#floorBytes = options.floorBytes ?? FLOOR_BYTES
    this.#reserveBytes = options.reserveBytes ?? RESERVE_BYTES
  }

  /**
   * Starts the recording, or takes it up where it was; both files and their names are durable when this resolves.
   * Rejects with a `VaultFailure`: `refused` where header and wraps do not fit the session or each other or another
   * header is held, `disk-full` below the floor, `chain-broken` where what is held is damaged.
   */
  async open(sessionId: string, header: Uint8Array, wraps: Uint8Array): Promise<RecordingFile> {
    const dueAtMs = this.dueFromNow(readOpening(sessionId, header, wraps))
    const held = await this.resume(sessionId)
    const create = () => this.#create(sessionId, header, wraps, dueAtMs)
    const recording = held ?? (await this.#once(sessionId, create))!
    if (recording.hashOf(0) !== entryHash(header, nodeHash))
      throw new VaultFailure('refused', 'another recording of this session is held')
    if (held?.chain.closed === 'open') await this.#restoreWraps(sessionId, wraps, recording)
    return recording
  }

  /** The recording as it is held, or undefined where not even its header is. */
  resume(sessionId: string): Promise<RecordingFile | undefined> {
    return this.#once(sessionId, () => this.#find(sessionId))
  }

  /** After a failure of the disk: rejects while it cannot be written, or hardly. */
  async probe(recording: RecordingFile | undefined): Promise<void> {
    const free = await attempt(() => this.#disk.freeBytes(this.#directory))
    if (free < this.#reserveBytes) throw new VaultFailure('disk-full', `${free} bytes free`)
    await recording?.probe()
  }

  /**
   * Entries of a recording, finished or running, as they are stored: sealed. Only what is durable, and never more than
   * one chunk in memory. Throws a `VaultFailure`: `refused` where there is no such recording, `chain-broken` at damage.
   */
  async *read(sessionId: string, range: EntryRange): AsyncGenerator<EntryChunk> {
    const held = await this.#held.get(sessionId)?.catch(() => undefined)
    const durableBytes = held?.bytes ?? Number.POSITIVE_INFINITY
    const file = await attempt(() => openForReading(recordingPaths(this.#directory, sessionId).entries))
    if (!file) throw new VaultFailure('refused', 'no such recording')
    try {
      yield* readEntries(file, range, durableBytes)
    } catch (error) {
      throw asVaultFailure(error)
    } finally {
      await file.close()
    }
  }

  /** Every recording of which there is a file, in no order; one that is damaged perhaps more than once. */
  async *sessions(): AsyncGenerator<string> {
    for await (const name of this.#disk.list(this.#directory)) {
      const file = readRecordingName(name)
      if (file && (file.isWraps || !(await this.wraps.term(file.sessionId)))) yield file.sessionId
    }
  }

  /** What stands on the disk of a recording, damaged or not; undefined where there are no entries at all. */
  async measure(sessionId: string): Promise<Measured | undefined> {
    const file = await openForReading(recordingPaths(this.#directory, sessionId).entries)
    if (!file) return undefined
    try {
      const held = await this.#held.get(sessionId)?.catch(() => undefined)
      return held ? measureHeld(held) : await measureFile(file)
    } finally {
      await file.close()
    }
  }

  /** Removes both files for good; repeatable. Its key is destroyed apart, and before. Errors are those of the disk. */
  async remove(sessionId: string): Promise<void> {
    const { entries, wraps } = recordingPaths(this.#directory, sessionId)
    for (const path of [wraps, `${wraps}.new`, entries]) await this.#disk.remove(path)
    await this.#disk.syncDirectory(this.#directory)
  }

  /** When a recording with this header falls due if it begins now. */
  dueFromNow({ retentionDays }: Pick<RecordingHeader, 'retentionDays'>): number {
    return this.#now() + retentionDays * DAY_MS
  }

  /** Forgets a recording that has ended; it can be resumed again. */
  async release(sessionId: string): Promise<void> {
    const held = this.#held.get(sessionId)
    this.#held.delete(sessionId)
    await (await held)?.close()
  }

  /** Waits for the writes under way. */
  async close(): Promise<void> {
    await this.#commits.settled()
    for (const sessionId of [...this.#held.keys()]) await this.release(sessionId)
  }

  #once(
    sessionId: string,
    make: () => Promise<RecordingFile | undefined>,
  ): Promise<RecordingFile | undefined> {
    const known = this.#held.get(sessionId)
    if (known) return known
    const made = make()
    this.#held.set(sessionId, made)
    const forget = () => {
      if (this.#held.get(sessionId) === made) this.#held.delete(sessionId)
    }
    made.then((recording) => recording ?? forget(), forget)
    return made
  }

  async #find(sessionId: string): Promise<RecordingFile | undefined> {
    const { entries } = recordingPaths(this.#directory, sessionId)
    const file = await attempt(() => this.#disk.open(entries))
    if (!file) return undefined
    const recording = await this.#load(file)
    if (recording.durableSeq >= 0) {
      const term = await attempt(() => this.wraps.term(sessionId))
      recording.dueAtMs = term ? endOf(term) : this.dueFromNow(recording.chain.header!)
      return recording
    }
    await recording.close()
    return undefined
  }

  async #create(
    sessionId: string,
    header: Uint8Array,
    wraps: Uint8Array,
    dueAtMs: number,
  ): Promise<RecordingFile> {
    const paths = recordingPaths(this.#directory, sessionId)
    let file: DiskFile | undefined
    try {
      await this.#disk.makeDirectory(this.#directory)
      const free = await this.#disk.freeBytes(this.#directory)
      if (free < this.#floorBytes) throw new VaultFailure('disk-full', `${free} bytes free, below the floor`)
      await this.wraps.put(sessionId, wraps, { dueAtMs, heldUntilMs: null })
      file = await this.#disk.create(paths.entries)
      const recording = await this.#load(file)
      recording.dueAtMs = dueAtMs
      await recording.append(0, header)
      await this.#disk.syncDirectory(this.#directory)
      return recording
    } catch (error) {
      await file?.close().catch(() => {})
      // Nothing of it was acknowledged. Where it can't be removed either, the next attempt writes over it.
      await this.#disk.remove(paths.entries).catch(() => {})
      await this.#disk.remove(paths.wraps).catch(() => {})
      await this.#disk.remove(`${paths.wraps}.new`).catch(() => {})
      throw asVaultFailure(error)
    }
  }

  /**
   * A crash while the recording was made, before anything was acknowledged, may have left the header alone. Wraps whose
   * key is gone are left: it may have been destroyed in its time.
   */
  async #restoreWraps(sessionId: string, wraps: Uint8Array, recording: RecordingFile): Promise<void> {
    try {
      await this.wraps.open(sessionId)
    } catch (error) {
      if (!(error instanceof WrapsUnreadable)) throw asVaultFailure(error)
      if (error.why === 'key-gone') return
      recording.dueAtMs = this.dueFromNow(recording.chain.header!)
      await attempt(() => this.wraps.put(sessionId, wraps, { dueAtMs: recording.dueAtMs, heldUntilMs: null }))
    }
  }

  async #load(file: DiskFile): Promise<RecordingFile> {
    try {
      return await RecordingFile.load(file, this.#commits)
    } catch (error) {
      await file.close().catch(() => {})
      throw asVaultFailure(error)
    }
  }
}

async function attempt<Result>(action: () => Promise<Result>): Promise<Result> {
  try {
    return await action()
  } catch (error) {
    throw asVaultFailure(error)
  }
}
