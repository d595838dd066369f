import { ed25519 } from '@noble/curves/ed25519.js'
import { randomBytes } from '@noble/hashes/utils.js'
import { encodeFrame, joinFrame } from '../../protocol/frame.ts'
import { type ServicePolicy, SIGNING_CONTEXT, type SignedDocument } from '../../protocol/identity.ts'
import {
  type ContentOf,
  type Entry,
  entry,
  type FilledRecordType,
  RECORD_CONTENT,
  type RecordingHeader,
  recordContent,
} from '../../protocol/messages/entry.ts'
import type { ChainHead } from '../../protocol/messages/receipt.ts'
import { MAX_RECORD_BYTES } from '../../protocol/messages/recording.ts'
import { toBase64Url } from '../base64url.ts'
import { signDocument } from '../signed-document.ts'
import { AccountNotes, type RecordingAccount } from './account.ts'
import { entryHash } from './chain.ts'
import { signClosing } from './closing.ts'
import { type Hash, portableHash } from './hash.ts'
import { portableCipher, type RecordCipher, recordNonce, SEAL_OVERHEAD_BYTES } from './record-cipher.ts'
import { APPEND_OVERHEAD_BYTES, openMessage } from './recorder-messages.ts'
import { makeSessionKey } from './session-key.ts'
import { type SealedEntry, Unacknowledged } from './unacknowledged.ts'

/** Largest entry; with the words around it it is one frame of the `records` channel. */
export const MAX_ENTRY_BYTES = MAX_RECORD_BYTES - APPEND_OVERHEAD_BYTES
/** Most that is kept for sending again. The picture stops 2 s after the recorder falls silent, so this is ample. */
const MAX_UNACKNOWLEDGED_BYTES = 64 * 1024 * 1024

export interface WriterOptions {
  readonly sessionId: string
  /** As verified against the operator's key: its two key groups can open the recording, nobody else. */
  readonly policy: ServicePolicy
  /** Build of the agent, at most 80 characters. */
  readonly agent: string
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** A cryptographic source of this many bytes. */
  readonly random?: (count: number) => Uint8Array
  readonly hash?: Hash
  readonly cipher?: RecordCipher
  readonly maxUnacknowledgedBytes?: number
}

interface Secrets {
  readonly key: Uint8Array
  readonly signingKey: Uint8Array
}

export interface ClosedRecording {
  readonly closing: SealedEntry
  readonly receipt: SignedDocument | null
}

/**
 * Seals one session's recording at its source [R3]. The key is born and dies in here: it is handed out only wrapped
 * to the two key groups, and wiped with `close`.
 */
export class RecordingWriter {
  /** The `open` frame, first on every link to a recorder. */
  readonly openMessage: Uint8Array
  readonly #options: WriterOptions
  readonly #hash: Hash
  readonly #cipher: RecordCipher
  readonly #unacknowledged = new Unacknowledged()
  readonly #notes = new AccountNotes()
  readonly #header: RecordingHeader
  readonly #headerHash: string
  #secrets: Secrets | undefined
  #head: string
  #lastSeq = 0
  #acknowledgedSeq = -1
  #acknowledged: ChainHead | null = null

  static async begin(options: WriterOptions): Promise<RecordingWriter> {
    const random = options.random ?? randomBytes
    const { key, wraps } = await makeSessionKey(options.policy, random)
    return new RecordingWriter(options, wraps, { key, signingKey: random(32) })
  }

  private constructor(options: WriterOptions, wraps: Uint8Array, secrets: Secrets) {
    this.#options = options
    this.#hash = options.hash ?? portableHash
    this.#cipher = options.cipher ?? portableCipher
    this.#secrets = secrets
    const header: RecordingHeader = {
      t: 'header',
      v: 1,
      sessionId: options.sessionId,
      startedAtMs: this.#now(),
      agent: options.agent,
      retentionDays: options.policy.retentionDays,
      wraps: entryHash(wraps, this.#hash),
      signKey: toBase64Url(ed25519.getPublicKey(secrets.signingKey)),
    }
    const bytes = encodeFrame(entry, header, new Uint8Array())
    this.#header = header
    this.#headerHash = entryHash(bytes, this.#hash)
    this.#head = this.#headerHash
    this.openMessage = openMessage(bytes, wraps)
  }

  /** SHA-256 of the newest entry in base64url; after `close` the one for the customer's receipt. */
  get head(): string {
    return this.#head
  }

  /** Seq of the newest entry; 0 is the header. */
  get lastSeq(): number {
    return this.#lastSeq
  }

  /** -1 until a recorder has acknowledged the header. */
  get acknowledgedSeq(): number {
    return this.#acknowledgedSeq
  }

  get unacknowledgedBytes(): number {
    return this.#unacknowledged.bytes
  }

  /**
   * Seals one record and puts it on the chain.
   * Throws a RangeError where it is larger than `MAX_ENTRY_BYTES` (the picture must be cut into several) or where more
   * than `maxUnacknowledgedBytes` would wait: then nothing was added, and what can't be recorded must not happen.
   */
  append<Type extends FilledRecordType>(
    type: Type,
    content: ContentOf<Type>,
    payload: Uint8Array = new Uint8Array(),
  ): SealedEntry {
    const { key } = this.#openSecrets()
    if (content.t !== RECORD_CONTENT[type]) throw new TypeError(`a ${type} record holds no ${content.t}`)
    const seq = this.#lastSeq + 1
    const atMs = this.#now()
    const headerBytes = this.#headerBytes({ t: 'record', seq, atMs, type, prev: this.#head })
    const plain = encodeFrame(recordContent, content, payload)
    // Checked before sealing: what is refused must not have used up a nonce.
    const size = 4 + headerBytes.length + plain.length + SEAL_OVERHEAD_BYTES
    if (size > MAX_ENTRY_BYTES) throw new RangeError(`a record of ${size} bytes is too large`)
    const most = this.#options.maxUnacknowledgedBytes ?? MAX_UNACKNOWLEDGED_BYTES
    if (this.#unacknowledged.bytes + size > most)
      throw new RangeError('too much of the recording waits for the recorder')
    const box = this.#cipher.seal(key, recordNonce(seq), headerBytes, plain)
    this.#notes.take(content, atMs)
    return this.#add(seq, joinFrame(headerBytes, box))
  }

  /** Makes the signed closing entry and wipes the keys; nothing can be appended afterwards. */
  close(): SealedEntry {
    return this.closeWithReceipt(() => null).closing
  }

  /**
   * As `close`; in the same moment the customer's receipt is signed with the key that signs the closing [R5].
   * @param documentOf the text to sign; where it gives none, or throws, there is no receipt, but the closing
   */
  closeWithReceipt(documentOf: (account: RecordingAccount) => string | null): ClosedRecording {
    const { key, signingKey } = this.#openSecrets()
    const seq = this.#lastSeq + 1
    const atMs = this.#now()
    const headerBytes = this.#headerBytes({ t: 'closing', seq, atMs, prev: this.#head })
    const signature = signClosing(this.#options.sessionId, headerBytes, signingKey)
    const closing = this.#add(seq, joinFrame(headerBytes, signature))
    const receipt = signedReceipt(() => documentOf(this.#account(atMs)), signingKey)
    key.fill(0)
    signingKey.fill(0)
    this.#secrets = undefined
    return { closing, receipt }
  }

  /** A recorder holds everything up to `seq` on its disk. False where no such entry was made: then nothing changes. */
  acknowledge(seq: number): boolean {
    if (!Number.isInteger(seq) || seq > this.#lastSeq) return false
    if (seq > this.#acknowledgedSeq) {
      const head = seq === 0 ? this.#headerHash : this.#unacknowledged.hashOf(seq)!
      this.#acknowledged = { entries: seq + 1, head }
      this.#acknowledgedSeq = seq
      this.#unacknowledged.forgetUpTo(seq)
    }
    return true
  }

  /**
   * The entries to send again on a new link, once the recorder's first ack has told `seq - 1`. Those at or below
   * `acknowledgedSeq` are gone from here; a recorder that lacks one of them has lost what it acknowledged.
   */
  unacknowledgedFrom(seq: number): readonly SealedEntry[] {
    return this.#unacknowledged.from(seq)
  }

  #add(seq: number, bytes: Uint8Array): SealedEntry {
    this.#lastSeq = seq
    this.#head = entryHash(bytes, this.#hash)
    const sealed = { seq, bytes }
    this.#unacknowledged.add(sealed, this.#head)
    return sealed
  }

  #account(endedAtMs: number): RecordingAccount {
    const { ended, consent, expertHeldMs } = this.#notes
    const { startedAtMs, signKey } = this.#header
    return {
      startedAtMs,
      endedAtMs,
      ended,
      consent,
      expertHeldMs,
      chain: { entries: this.#lastSeq + 1, head: this.#head },
      header: this.#headerHash,
      acknowledged: this.#acknowledged,
      signKey,
    }
  }

  #headerBytes(header: Entry): Uint8Array {
    return new TextEncoder().encode(entry.encode(header))
  }

  /** Whole, non-negative: a clock before 1970 must not cost the recording. */
  #now(): number {
    return Math.max(0, Math.floor(this.#options.now()))
  }

  #openSecrets(): Secrets {
    if (!this.#secrets) throw new TypeError('the recording is closed')
    return this.#secrets
  }
}

function signedReceipt(documentOf: () => string | null, signingKey: Uint8Array): SignedDocument | null {
  try {
    const document = documentOf()
    return document === null ? null : signDocument(SIGNING_CONTEXT.receipt, document, signingKey)
  } catch {
    return null
  }
}
