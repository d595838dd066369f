import { keyWraps } from '../protocol/messages/entry.ts'
import type { Disk } from './disk.ts'
import type { ExpiryKeys } from './expiry-keys.ts'
import { type KeyPlace, keyFileName } from './expiry-slot.ts'
import { recordingPaths } from './recording-paths.ts'
import {
  keyPlaceOf,
  readTerm,
  SEALED_OVERHEAD_BYTES,
  sealWraps,
  type Term,
  unsealWraps,
} from './sealed-wraps.ts'
import { readWhole, replaceWhole } from './whole-file.ts'

const MAX_FILE_BYTES = keyWraps.maxBytes + SEALED_OVERHEAD_BYTES

const SENTENCE = {
  missing: 'The wrapped keys of this recording are gone: nobody can open it any more.',
  malformed: 'The file with the wrapped keys of this recording is damaged.',
  'key-gone':
    'The expiry key of this recording is not there. Where the folder of expiry keys is the right one, the key was ' +
    'destroyed in its time and nobody can open the recording any more.',
  'key-differs':
    'The wrapped keys do not open with their expiry key: one of the two was changed or exchanged.',
} as const

/** Why the wraps of a recording cannot be had; the message is a sentence for the person who asked. */
export class WrapsUnreadable extends Error {
  readonly why: keyof typeof SENTENCE

  constructor(why: keyof typeof SENTENCE) {
    super(SENTENCE[why])
    this.name = 'WrapsUnreadable'
    this.why = why
  }
}

/**
 * The wrapped keys of all recordings, each stored under an expiry key [R6]. Other errors than `WrapsUnreadable` are
 * those of the disk. At each moment, also after a crash, a file is whole and the key that it names is there.
 */
export class WrapsShelf {
  readonly #directory: string
  readonly #disk: Disk
  readonly #keys: ExpiryKeys

  constructor(directory: string, disk: Disk, keys: ExpiryKeys) {
    this.#directory = directory
    this.#disk = disk
    this.#keys = keys
  }

  /** File and name are durable when this resolves, and its key was before. */
  async put(sessionId: string, wraps: Uint8Array, term: Term): Promise<void> {
    const key = await this.#keys.obtain(keyPlaceOf(sessionId, term))
    try {
      await replaceWhole(this.#disk, this.#pathOf(sessionId), sealWraps(wraps, key, sessionId, term))
    } finally {
      key.fill(0)
    }
  }

  /** What the file says of itself, without any key; undefined where there is none or it is damaged. */
  async term(sessionId: string): Promise<Term | undefined> {
    const head = await readWhole(this.#disk, this.#pathOf(sessionId), SEALED_OVERHEAD_BYTES)
    return head && readTerm(head)
  }

  /** The wraps as the agent made them: sealed to the groups A and B. Rejects with `WrapsUnreadable`. */
  async open(sessionId: string): Promise<Uint8Array> {
    const bytes = await readWhole(this.#disk, this.#pathOf(sessionId), MAX_FILE_BYTES)
    if (!bytes) throw new WrapsUnreadable('missing')
    const term = readTerm(bytes)
    if (!term) throw new WrapsUnreadable('malformed')
    const key = await this.#keys.read(keyPlaceOf(sessionId, term))
    if (!key) throw new WrapsUnreadable('key-gone')
    try {
      return unsealWraps(bytes, key, sessionId)
    } catch {
      throw new WrapsUnreadable('key-differs')
    } finally {
      key.fill(0)
    }
  }

  /** Gives a recording another term, and destroys the key of a hold that this leaves without use. */
  async rewrap(sessionId: string, term: Term): Promise<void> {
    const wraps = await this.open(sessionId)
    const before = await this.term(sessionId)
    await this.put(sessionId, wraps, term)
    const place = before && keyPlaceOf(sessionId, before)
    if (place?.t === 'hold' && !isSamePlace(place, keyPlaceOf(sessionId, term)))
      await this.#keys.destroy(place)
  }

  /** Destroys the keys of holds that no file is stored under, as a crash may leave them. */
  async destroyUnusedHolds(): Promise<void> {
    for (const place of await this.#keys.list()) {
      if (place.t !== 'hold') continue
      const term = await this.term(place.sessionId)
      const isUsed = term && isSamePlace(place, keyPlaceOf(place.sessionId, term))
      if (!isUsed) await this.#keys.destroy(place)
    }
  }

  #pathOf(sessionId: string): string {
    return recordingPaths(this.#directory, sessionId).wraps
  }
}

function isSamePlace(one: KeyPlace, other: KeyPlace): boolean {
  return keyFileName(one) === keyFileName(other)
}
