import { decodeFrame, type Frame } from '../../protocol/frame.ts'
import { type Entry, entry, type RecordingHeader } from '../../protocol/messages/entry.ts'
import { toBase64Url } from '../base64url.ts'
import { closingIsGenuine } from './closing.ts'
import { type Hash, portableHash } from './hash.ts'

/**
 * Checks a recording without any key [R5]: every entry names the hash of the one before, and the closing is signed by
 * the agent. What no chain can show by itself: whether the end of an `open` or `abandoned` recording was cut, since
 * nobody signed it. The head on the customer's receipt shows that.
 */
export interface ChainState {
  /** Entries taken so far; also the seq that comes next. */
  readonly entries: number
  /** Hash of the last entry, SHA-256 in base64url; '' before the first. */
  readonly head: string
  readonly header: RecordingHeader | null
  readonly closed: 'open' | 'closed' | 'abandoned'
}

export const FAULT_KINDS = [
  'malformed',
  'no-header',
  'second-header',
  'wrong-seq',
  'broken-link',
  'stray-payload',
  'bad-signature',
  'after-end',
  'wraps-differ',
] as const
export type FaultKind = (typeof FAULT_KINDS)[number]

/** `seq`: place of the first entry that does not fit, counted from 0; behind a broken link the one before may be wrong. */
export interface ChainFault {
  readonly fault: FaultKind
  readonly seq: number
}

export type ChainReport = ({ readonly ok: true } & ChainState) | ({ readonly ok: false } & ChainFault)

export const EMPTY_CHAIN: ChainState = { entries: 0, head: '', header: null, closed: 'open' }

export function entryHash(bytes: Uint8Array, hash: Hash = portableHash): string {
  return toBase64Url(hash(bytes))
}

/** One entry more. The state given is left as it was, so that a caller can go back to it. */
export function stepChain(
  state: ChainState,
  bytes: Uint8Array,
  hash: Hash = portableHash,
): ChainState | ChainFault {
  const fault = (kind: FaultKind): ChainFault => ({ fault: kind, seq: state.entries })
  let frame: Frame<Entry>
  try {
    frame = decodeFrame(entry, bytes)
  } catch {
    return fault('malformed')
  }
  const { header, payload, headerBytes } = frame
  const next = { ...state, entries: state.entries + 1, head: entryHash(bytes, hash) }
  if (state.header === null) {
    if (header.t !== 'header') return fault('no-header')
    return payload.length > 0 ? fault('stray-payload') : { ...next, header }
  }
  if (state.closed !== 'open') return fault('after-end')
  if (header.t === 'header') return fault('second-header')
  if (header.seq !== state.entries) return fault('wrong-seq')
  if (header.prev !== state.head) return fault('broken-link')
  switch (header.t) {
    case 'record':
      return next
    case 'abandoned':
      return payload.length > 0 ? fault('stray-payload') : { ...next, closed: 'abandoned' }
    case 'closing': {
      const { sessionId, signKey } = state.header
      const isGenuine = closingIsGenuine(sessionId, headerBytes, payload, signKey)
      return isGenuine ? { ...next, closed: 'closed' } : fault('bad-signature')
    }
  }
}

export function isFault(step: ChainState | ChainFault): step is ChainFault {
  return 'fault' in step
}

/** True where these are the wrapped keys that the header names. */
export function wrapsBelong(header: RecordingHeader, wraps: Uint8Array, hash: Hash = portableHash): boolean {
  return entryHash(wraps, hash) === header.wraps
}

/** Takes entries in order as they come and keeps the first fault. */
export class ChainVerifier {
  readonly #hash: Hash
  readonly #wraps: Uint8Array | undefined
  #state: ChainState = EMPTY_CHAIN
  #fault: ChainFault | undefined

  /** @param wraps the wrapped keys, where they are still kept; they are compared with the header's hash of them */
  constructor(wraps?: Uint8Array, hash: Hash = portableHash) {
    this.#wraps = wraps
    this.#hash = hash
  }

  take(bytes: Uint8Array): void {
    if (this.#fault) return
    const step = stepChain(this.#state, bytes, this.#hash)
    if (isFault(step)) this.#fault = step
    else if (this.#isWrong(step)) this.#fault = { fault: 'wraps-differ', seq: 0 }
    else this.#state = step
  }

  report(): ChainReport {
    if (this.#fault) return { ok: false, ...this.#fault }
    if (this.#state.header === null) return { ok: false, fault: 'no-header', seq: 0 }
    return { ok: true, ...this.#state }
  }

  #isWrong({ entries, header }: ChainState): boolean {
    return (
      entries === 1 &&
      header !== null &&
      this.#wraps !== undefined &&
      !wrapsBelong(header, this.#wraps, this.#hash)
    )
  }
}

/** A whole recording at once. */
export function verifyChain(entries: Iterable<Uint8Array>, wraps?: Uint8Array): ChainReport {
  const verifier = new ChainVerifier(wraps)
  for (const bytes of entries) verifier.take(bytes)
  return verifier.report()
}
