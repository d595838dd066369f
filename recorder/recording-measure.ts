import { EMPTY_CHAIN, entryHash, isFault, stepChain } from '../peer/recording/chain.ts'
import type { RecordingHeader } from '../protocol/messages/entry.ts'
import type { DiskFile } from './disk.ts'
import { scanFrames } from './disk-frames.ts'
import { nodeHash } from './node-hash.ts'
import type { RecordingFile } from './recording-file.ts'

/** What stands on the disk of a recording; also of one that is damaged. */
export interface Measured {
  /** Null where even the header is damaged. */
  readonly header: RecordingHeader | null
  readonly entries: number
  readonly bytes: number
  /** SHA-256 of the last readable entry in base64url; null where there is none. */
  readonly head: string | null
  readonly closed: 'open' | 'closed' | 'abandoned'
}

export function measureHeld({ chain, bytes }: RecordingFile): Measured {
  const { header, entries, head, closed } = chain
  return { header, entries, bytes, head: head || null, closed }
}

/** Reads the file once, one entry in memory at a time. */
export async function measureFile(file: DiskFile): Promise<Measured> {
  let chain = EMPTY_CHAIN
  let isWhole = true
  let entries = 0
  let head: string | null = null
  for await (const scanned of scanFrames(file)) {
    if (scanned.t === 'damage') {
      isWhole = false
      continue
    }
    entries++
    head = entryHash(scanned.bytes, nodeHash)
    const step = isWhole ? stepChain(chain, scanned.bytes, nodeHash) : undefined
    if (step && !isFault(step)) chain = step
    else isWhole = false
  }
  return { header: chain.header, entries, bytes: await file.size(), head, closed: chain.closed }
}
