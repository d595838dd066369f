import { type OpenedRecord, openedRecord } from '../../peer/recording/reader.ts'
import { recordNonce } from '../../peer/recording/record-cipher.ts'
import { decodeFrame } from '../../protocol/frame.ts'
import { entry } from '../../protocol/messages/entry.ts'

/**
 * What a sealed entry holds, as `RecordingReader` opens it, by the browser's own AES-GCM; undefined for entries that
 * are not sealed. Rejects where the entry is none, was changed, or belongs to another recording.
 */
export async function openRecord(key: CryptoKey, bytes: Uint8Array): Promise<OpenedRecord | undefined> {
  const { header, payload: box, headerBytes } = decodeFrame(entry, bytes)
  if (header.t !== 'record') return undefined
  const algorithm = { name: 'AES-GCM', iv: own(recordNonce(header.seq)), additionalData: own(headerBytes) }
  return openedRecord(header, new Uint8Array(await crypto.subtle.decrypt(algorithm, key, own(box))))
}

function own(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes as Uint8Array<ArrayBuffer>
}
