import { join } from 'node:path'
import { EMPTY_CHAIN, entryHash, isFault, stepChain, wrapsBelong } from '../peer/recording/chain.ts'
import { keyWraps } from '../protocol/messages/entry.ts'
import { type Disk, type DiskFile, nodeDisk } from './disk.ts'
import { GroupCommit } from './group-commit.ts'
import { nodeHash } from './node-hash.ts'
import { RecordingFile } from './recording-file.ts'
import { asVaultFailure, VaultFailure } from './vault-failure.ts'

/** Below this no new recording starts; what is left is for the sessions that run. */
const FLOOR_BYTES = 64 * 1024 * 1024
/** A full disk counts as free again only above this, or the picture would come and go with every freed block. */
const RESERVE_BYTES = 4 * 1024 * 1024

export interface VaultOptions {
  /** `<data>/recorder/vault` */
  readonly directory: string
  readonly disk?: Disk
  readonly floorBytes?: number
  readonly reserveBytes?: number
}

/** The two files of a recording; the wrapped keys are apart so that they can be destroyed by themselves [R6]. */
export function recordingPaths(directory: string, sessionId: string): { entries: string; wraps: string } {
  if (!/^[A-Za-z0-9_-]{22}$/.test(sessionId)) throw new TypeError('not a session id')
  return { entries: join(directory, `${sessionId}.rec`), wraps: join(directory, `${sessionId}.wraps`) }
}

/**
 * All recordings of one recorder, sealed: it checks their form, keeps them durable [R8] and can read nothing of them
 * [R3]. One process at a time may use a directory.
 */
export class Vault {
  readonly #directory: string
  readonly #disk: Disk
  readonly #floorBytes: number
  readonly #reserveBytes: number
  readonly #commits = new GroupCommit()
  /** One file object a session, however many ask for it at once. */
  readonly #held = new Map<string, Promise<RecordingFile | undefined>>()

  constructor(options: VaultOptions) {
    this.#directory = options.directory
    this.#disk = options.disk ?? nodeDisk
    this.#floorBytes = options.floorBytes ?? FLOOR_BYTES
    this.#reserveBytes = options.reserveBytes ?? RESERVE_BYTES
  }

  /**
   * Starts the recording, or takes it up where it was; both files and their names are durable when this resolves.
   * Rejects with a `VaultFailure`: `refused` where header and wraps do not fit the session or each other or another
   * header is held, `disk-full` below the floor, `chain-broken` where what is held is damaged.
   */
  async open(sessionId: string, header: Uint8Array, wraps: Uint8Array): Promise<RecordingFile> {
    this.#check(sessionId, header, wraps)
    const held = await this.resume(sessionId)
    const recording = held ?? (await this.#once(sessionId, () => this.#create(sessionId, header, wraps)))!
    if (recording.hashOf(0) !== entryHash(header, nodeHash))
      throw new VaultFailure('refused', 'another recording of this session is held')
    if (held?.chain.closed === 'open') await this.#restoreWraps(sessionId, wraps)
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

  #check(sessionId: string, header: Uint8Array, wraps: Uint8Array): void {
    const step = stepChain(EMPTY_CHAIN, header, nodeHash)
    if (isFault(step)) throw new VaultFailure('refused', `${step.fault} instead of a header`)
    if (step.header?.sessionId !== sessionId) throw new VaultFailure('refused', 'header of another session')
    if (!wrapsBelong(step.header, wraps, nodeHash)) throw new VaultFailure('refused', 'wraps do not fit')
    try {
      keyWraps.decode(wraps)
    } catch (error) {
      throw new VaultFailure('refused', 'wraps malformed', error)
    }
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
    if (recording.durableSeq >= 0) return recording
    await recording.close()
    return undefined
  }

  async #create(sessionId: string, header: Uint8Array, wraps: Uint8Array): Promise<RecordingFile> {
    const paths = recordingPaths(this.#directory, sessionId)
    let file: DiskFile | undefined
    try {
      await this.#disk.makeDirectory(this.#directory)
      const free = await this.#disk.freeBytes(this.#directory)
      if (free < this.#floorBytes) throw new VaultFailure('disk-full', `${free} bytes free, below the floor`)
      await this.#writeWhole(paths.wraps, wraps)
      file = await this.#disk.create(paths.entries)
      const recording = await this.#load(file)
      await recording.append(0, header)
      await this.#disk.syncDirectory(this.#directory)
      return recording
    } catch (error) {
      await file?.close().catch(() => {})
      // Nothing of it was acknowledged. Where it can't be removed either, the next attempt writes over it.
      await this.#disk.remove(paths.entries).catch(() => {})
      await this.#disk.remove(paths.wraps).catch(() => {})
      throw asVaultFailure(error)
    }
  }

  /** A crash while the recording was made, before anything was acknowledged, may have left the header alone. */
  async #restoreWraps(sessionId: string, wraps: Uint8Array): Promise<void> {
    const path = recordingPaths(this.#directory, sessionId).wraps
    await attempt(async () => {
      const file = await this.#disk.open(path)
      const size = await file?.size()
      await file?.close()
      if (size === wraps.length) return
      await this.#writeWhole(path, wraps)
      await this.#disk.syncDirectory(this.#directory)
    })
  }

  async #load(file: DiskFile): Promise<RecordingFile> {
    try {
      return await RecordingFile.load(file, this.#commits)
    } catch (error) {
      await file.close().catch(() => {})
      throw asVaultFailure(error)
    }
  }

  async #writeWhole(path: string, bytes: Uint8Array): Promise<void> {
    const file = await this.#disk.create(path)
    try {
      await file.truncate(0)
      await file.write(bytes, 0)
      await file.sync()
    } finally {
      await file.close()
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
