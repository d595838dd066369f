import { decodeFrame } from '../../protocol/frame.ts'
import {
  type Entry,
  entry,
  type FilledRecordType,
  RECORD_CONTENT,
  type RecordContent,
  type RecordType,
  recordContent,
} from '../../protocol/messages/entry.ts'
import { portableCipher, type RecordCipher, recordNonce } from './record-cipher.ts'

type RecordHeader = Extract<Entry, { t: 'record' }>

export interface OpenedRecord {
  readonly seq: number
  readonly atMs: number
  readonly type: RecordType
  readonly content: RecordContent
  /** The stills' images; empty for all other content. */
  readonly payload: Uint8Array
}

/** The record cannot be read: it was changed, or the key is of another recording. */
export class RecordUnreadable extends Error {
  constructor(seq: number) {
    super(`record ${seq} cannot be read: it was changed or belongs to another recording`)
    this.name = 'RecordUnreadable'
  }
}

/** Opens the sealed records of one recording. @param key K, from `openSessionKey` */
export class RecordingReader {
  readonly #key: Uint8Array
  readonly #cipher: RecordCipher

  constructor(key: Uint8Array, cipher: RecordCipher = portableCipher) {
    this.#key = key
    this.#cipher = cipher
  }

  /**
   * What an entry holds; undefined for header, closing and abandoned, which are not sealed.
   * Throws `RecordUnreadable`, or a `Refusal` where the bytes are no entry at all. Each record proves itself, so
   * records behind a fault of the chain can still be read.
   */
  open(bytes: Uint8Array): OpenedRecord | undefined {
    const { header, payload: box, headerBytes } = decodeFrame(entry, bytes)
    if (header.t !== 'record') return undefined
    try {
      return openedRecord(header, this.#cipher.open(this.#key, recordNonce(header.seq), headerBytes, box))
    } catch {
      throw new RecordUnreadable(header.seq)
    }
  }
}

/**
 * A record as its opened box says, for callers with a cipher of their own. Throws where the content is malformed or
 * of another type than the entry's.
 */
export function openedRecord(header: RecordHeader, plain: Uint8Array): OpenedRecord {
  const { seq, atMs, type } = header
  const { header: content, payload } = decodeFrame(recordContent, plain)
  if (RECORD_CONTENT[type as FilledRecordType] !== content.t) throw new TypeError('content of another type')
  return { seq, atMs, type, content, payload }
}
