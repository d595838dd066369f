import { crc32 } from 'node:zlib'
import { MAX_RECORD_BYTES } from '../protocol/messages/recording.ts'
import type { DiskFile } from './disk.ts'

/**
 * A recording's file is one frame after the other, nothing else: `u32 length | u32 CRC-32 | that many bytes`, both
 * numbers big endian, CRC-32 as in zlib over the bytes, which are one entry of `protocol/messages/entry.ts`. A length
 * of 0 is never written: a tail of zeros, as some file systems leave it after a power cut, would else look intact.
 */
export const HEAD_BYTES = 8
/** Every entry begins with its header's length and then these characters. */
const ENTRY_BEGINS = Buffer.from('{"t":"')
const ENTRY_BEGINS_AT = HEAD_BYTES + 4
const SEARCH_BYTES = 256 * 1024

export function diskFrame(entry: Uint8Array): Buffer {
  const frame = Buffer.allocUnsafe(HEAD_BYTES + entry.length)
  frame.writeUInt32BE(entry.length, 0)
  frame.writeUInt32BE(crc32(entry), 4)
  frame.set(entry, HEAD_BYTES)
  return frame
}

/** What stands from `offset` to `end` of the file: one entry as it was written, or bytes that are none. */
export type Scanned =
  | { readonly t: 'entry'; readonly offset: number; readonly end: number; readonly bytes: Buffer }
  | { readonly t: 'damage'; readonly offset: number; readonly end: number }

/** Reads the file from its start, past damage where an intact frame follows it. One entry is in memory at a time. */
export async function* scanFrames(file: DiskFile): AsyncGenerator<Scanned> {
  const size = await file.size()
  let offset = 0
  while (offset < size) {
    const bytes = await readFrame(file, offset, size)
    const end = bytes
      ? offset + HEAD_BYTES + bytes.length
      : ((await findFrame(file, offset + 1, size)) ?? size)
    yield bytes ? { t: 'entry', offset, end, bytes } : { t: 'damage', offset, end }
    offset = end
  }
}

/** How long the entry is whose frame begins there, unread; undefined where none can. */
export async function readEntryLength(
  file: DiskFile,
  offset: number,
  size: number,
): Promise<number | undefined> {
  return lengthIn(await file.read(offset, HEAD_BYTES), offset, size)
}

/** The entry whose frame begins there; undefined where none does, or it is damaged. */
export async function readFrame(file: DiskFile, offset: number, size: number): Promise<Buffer | undefined> {
  const head = await file.read(offset, HEAD_BYTES)
  const length = lengthIn(head, offset, size)
  if (length === undefined) return undefined
  const bytes = await file.read(offset + HEAD_BYTES, length)
  return bytes.length === length && crc32(bytes) === head.readUInt32BE(4) ? bytes : undefined
}

function lengthIn(head: Buffer, offset: number, size: number): number | undefined {
  if (head.length < HEAD_BYTES) return undefined
  const length = head.readUInt32BE(0)
  const isPossible = length > 0 && length <= MAX_RECORD_BYTES && offset + HEAD_BYTES + length <= size
  return isPossible ? length : undefined
}

/** Where the first intact frame at or after `from` begins. */
async function findFrame(file: DiskFile, from: number, size: number): Promise<number | undefined> {
  for (let windowAt = from; windowAt < size; windowAt += SEARCH_BYTES) {
    const overlap = ENTRY_BEGINS_AT + ENTRY_BEGINS.length
    const window = await file.read(windowAt, SEARCH_BYTES + overlap)
    let hit = window.indexOf(ENTRY_BEGINS)
    for (; hit !== -1; hit = window.indexOf(ENTRY_BEGINS, hit + 1)) {
      const offset = windowAt + hit - ENTRY_BEGINS_AT
      if (offset >= from && (await readFrame(file, offset, size))) return offset
    }
  }
  return undefined
}
