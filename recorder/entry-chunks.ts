import type { DiskFile } from './disk.ts'
import { HEAD_BYTES, readEntryLength, readFrame } from './disk-frames.ts'
import { VaultFailure } from './vault-failure.ts'

/** Entries of a recording by their number: `from` counts, `to` does not. */
export interface EntryRange {
  readonly from: number
  readonly to: number
  /** A chunk ends before it would exceed this; one entry alone may. */
  readonly chunkBytes?: number
}

/** Whole entries one after the other, as they were sealed. */
export interface EntryChunk {
  /** Number of the first. */
  readonly from: number
  readonly entries: readonly Uint8Array[]
}

const CHUNK_BYTES = 1024 * 1024

/**
 * Reads a part of a recording's file; what lies before it is skipped from frame to frame, not read. It does not look
 * at the chain: whoever gets the entries can check that without a key [R5]. Throws `chain-broken` at damage.
 * @param endBytes what lies behind is not durable yet and does not count
 */
export async function* readEntries(
  file: DiskFile,
  { from, to, chunkBytes = CHUNK_BYTES }: EntryRange,
  endBytes: number,
): AsyncGenerator<EntryChunk> {
  const end = Math.min(endBytes, await file.size())
  let offset = 0
  let entries: Uint8Array[] = []
  let bytes = 0
  for (let seq = 0; seq < to && offset < end; seq++) {
    const length = await readEntryLength(file, offset, end)
    if (length === undefined) throw damage(offset)
    if (seq >= from) {
      if (entries.length > 0 && bytes + length > chunkBytes) {
        yield { from: seq - entries.length, entries }
        entries = []
        bytes = 0
      }
      const entry = await readFrame(file, offset, end)
      if (!entry) throw damage(offset)
      entries.push(entry)
      bytes += length
    }
    offset += HEAD_BYTES + length
    if (entries.length > 0 && (seq + 1 === to || offset >= end))
      yield { from: seq + 1 - entries.length, entries }
  }
}

const damage = (offset: number) => new VaultFailure('chain-broken', `damaged at byte ${offset}`)
