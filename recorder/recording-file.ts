import { type ChainState, EMPTY_CHAIN, entryHash, isFault, stepChain } from '../peer/recording/chain.ts'
import type { EndReason } from '../protocol/end-reason.ts'
import { encodeFrame } from '../protocol/frame.ts'
import { entry } from '../protocol/messages/entry.ts'
import type { DiskFile } from './disk.ts'
import { diskFrame, scanFrames } from './disk-frames.ts'
import type { Committable, GroupCommit } from './group-commit.ts'
import { nodeHash } from './node-hash.ts'
import { asVaultFailure, VaultFailure } from './vault-failure.ts'

interface Waiting {
  /** Empty for a probe. */
  readonly frame: Uint8Array
  readonly resolve: (durableSeq: number) => void
  readonly reject: (failure: VaultFailure) => void
}

const NOTHING = new Uint8Array()

/**
 * The append-only file of one recording. It knows the chain's form and no key. Only what an fsync has confirmed counts;
 * after a failed write or fsync everything behind that is forgotten, cut off and has to be given again. (After a failed
 * fsync the kernel may call lost pages clean, so a second fsync of the same pages would prove nothing.)
 */
export class RecordingFile implements Committable {
  /** When it falls due; the vault sets it before it hands the recording out, and no entry says it. */
  dueAtMs = Number.NaN
  readonly #file: DiskFile
  readonly #commits: GroupCommit
  /** Hash of every entry taken, to tell a repetition from a second version. */
  readonly #hashes: string[]
  #durable: ChainState
  #durableBytes: number
  /** With what waits for the disk. */
  #taken: ChainState
  #waiting: Waiting[] = []
  /** There may be bytes behind `#durableBytes`. */
  #tailIsSuspect: boolean

  /**
   * Reads what the file holds. A torn tail is cut off; damage with intact entries behind it is not: they may have been
   * acknowledged, so the recording is refused as `chain-broken` and left as it is.
   */
  static async load(file: DiskFile, commits: GroupCommit): Promise<RecordingFile> {
    let chain = EMPTY_CHAIN
    let end = 0
    let damagedAt: number | undefined
    const hashes: string[] = []
    for await (const scanned of scanFrames(file)) {
      if (scanned.t === 'damage') {
        damagedAt = scanned.offset
        continue
      }
      if (damagedAt !== undefined)
        throw new VaultFailure('chain-broken', `damaged at byte ${damagedAt}, with intact entries behind it`)
      const step = stepChain(chain, scanned.bytes, nodeHash)
      if (isFault(step)) throw new VaultFailure('chain-broken', `${step.fault} at entry ${step.seq}`)
      chain = step
      hashes.push(step.head)
      end = scanned.end
    }
    if (damagedAt !== undefined) {
      await file.truncate(end)
      await file.sync()
    }
    return new RecordingFile(file, commits, chain, hashes, end)
  }

  private constructor(
    file: DiskFile,
    commits: GroupCommit,
    chain: ChainState,
    hashes: string[],
    durableBytes: number,
  ) {
    this.#file = file
    this.#commits = commits
    this.#hashes = hashes
    this.#durable = chain
    this.#taken = chain
    this.#durableBytes = durableBytes
    this.#tailIsSuspect = false
  }

  /** What is on the disk for certain. */
  get chain(): ChainState {
    return this.#durable
  }

  /** Highest seq on the disk for certain; -1 where there is not even the header. */
  get durableSeq(): number {
    return this.#durable.entries - 1
  }

  get bytes(): number {
    return this.#durableBytes
  }

  /** SHA-256 of an entry in base64url, where one with this number was taken. */
  hashOf(seq: number): string | undefined {
    return this.#hashes[seq]
  }

  /**
   * Takes the entry with this number; resolves with the highest durable seq once it is on the disk. An entry that is
   * held already, byte for byte, is welcome. Rejects with a `VaultFailure`: `chain-broken` for anything that does not
   * continue the chain, `disk-full` or `disk-failed` where it and all behind it have to be given again.
   */
  append(seq: number, bytes: Uint8Array): Promise<number> {
    if (seq < this.#taken.entries) return this.#repeat(seq, bytes)
    if (seq > this.#taken.entries) return this.#refuse(`entry ${seq} given, ${this.#taken.entries} expected`)
    const step = stepChain(this.#taken, bytes, nodeHash)
    if (isFault(step)) return this.#refuse(`${step.fault} at entry ${seq}`)
    if (step.closed === 'abandoned') return this.#refuse('only the recorder abandons a recording')
    return this.#take(step, bytes)
  }

  /** Puts the recorder's own last entry behind everything taken. Fails as `append`. */
  abandon(reason: EndReason, atMs: number): Promise<number> {
    const { entries, head } = this.#taken
    const header = { t: 'abandoned', seq: entries, atMs, prev: head, reason } as const
    const bytes = encodeFrame(entry, header, NOTHING)
    const step = stepChain(this.#taken, bytes, nodeHash)
    if (isFault(step)) return this.#refuse(`${step.fault} at entry ${entries}`)
    return this.#take(step, bytes)
  }

  /** Resolves when the disk has confirmed an fsync of this file, with the highest durable seq. */
  probe(): Promise<number> {
    return this.#enqueue(NOTHING)
  }

  /** Called by `GroupCommit` only, one call at a time. */
  async commit(): Promise<void> {
    const batch = this.#waiting
    this.#waiting = []
    const taken = this.#taken
    const bytes = Buffer.concat(batch.map(({ frame }) => frame))
    try {
      if (this.#tailIsSuspect) await this.#file.truncate(this.#durableBytes)
      this.#tailIsSuspect = true
      await this.#file.write(bytes, this.#durableBytes)
      await this.#file.sync()
      this.#tailIsSuspect = false
    } catch (error) {
      this.#forgetTheUncertain(batch, asVaultFailure(error))
      return
    }
    this.#durable = taken
    this.#durableBytes += bytes.length
    for (const { resolve } of batch) resolve(this.durableSeq)
  }

  async close(): Promise<void> {
    await this.#file.close()
  }

  #repeat(seq: number, bytes: Uint8Array): Promise<number> {
    if (this.#hashes[seq] !== entryHash(bytes, nodeHash))
      return this.#refuse(`entry ${seq} given again with other bytes`)
    return seq <= this.durableSeq ? Promise.resolve(this.durableSeq) : this.#enqueue(NOTHING)
  }

  #take(step: ChainState, bytes: Uint8Array): Promise<number> {
    this.#taken = step
    this.#hashes.push(step.head)
    return this.#enqueue(diskFrame(bytes))
  }

  #enqueue(frame: Uint8Array): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ frame, resolve, reject })
      this.#commits.add(this)
    })
  }

  #refuse(detail: string): Promise<number> {
    return Promise.reject(new VaultFailure('chain-broken', detail))
  }

  /** What came in meanwhile continues entries that are lost, so it goes with them. */
  #forgetTheUncertain(batch: readonly Waiting[], failure: VaultFailure): void {
    const lost = [...batch, ...this.#waiting]
    this.#waiting = []
    this.#taken = this.#durable
    this.#hashes.length = this.#durable.entries
    for (const { reject } of lost) reject(failure)
  }
}
