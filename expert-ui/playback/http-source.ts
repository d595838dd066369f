import { MAX_RECORD_BYTES } from '../../protocol/messages/recording.ts'
import { type EntriesChunk, type RecordingSource, SourceFailed } from './source.ts'

/** As `keyWraps` takes them. */
const MOST_WRAPS_BYTES = 262_144
/** The service ends a chunk long before; one entry may be larger than that and then comes alone. */
const MOST_CHUNK_BYTES = 2 * MAX_RECORD_BYTES
const LENGTH_BYTES = 4

type Fetch = (path: string, request: RequestInit) => Promise<Response>

/** The sealed recording of one opening, as the service hands it out to the auditor who may see it. */
export function httpSource(openingId: string, ask: Fetch = fetch): RecordingSource {
  const path = `/api/openings/${encodeURIComponent(openingId)}`
  return {
    async wraps() {
      return (await bodyOf(await get(ask, `${path}/wraps`), MOST_WRAPS_BYTES)).bytes
    },
    async read(from) {
      const { bytes, response } = await bodyOf(
        await get(ask, `${path}/entries?from=${from}`),
        MOST_CHUNK_BYTES,
      )
      const entries = splitEntries(bytes)
      return { entries, next: nextOf(response, from + entries.length) }
    },
  }
}

/** Entries one after the other, each with its length as u32, big endian, before it. Throws `SourceFailed`. */
export function splitEntries(bytes: Uint8Array): EntriesChunk['entries'] {
  const entries: Uint8Array[] = []
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (let at = 0; at < bytes.length; ) {
    if (at + LENGTH_BYTES > bytes.length) throw new SourceFailed('malformed')
    const length = view.getUint32(at)
    at += LENGTH_BYTES
    if (length > MAX_RECORD_BYTES || at + length > bytes.length) throw new SourceFailed('malformed')
    entries.push(bytes.subarray(at, at + length))
    at += length
  }
  return entries
}

async function get(ask: Fetch, path: string): Promise<Response> {
  let response: Response
  try {
    response = await ask(path, { cache: 'no-store', credentials: 'same-origin', redirect: 'error' })
  } catch {
    throw new SourceFailed('unreachable')
  }
  if (response.ok) return response
  // Whatever is in the answer is not wanted.
  void response.body?.cancel()
  if (response.status === 401 || response.status === 403) throw new SourceFailed('not-allowed')
  throw new SourceFailed(response.status === 404 || response.status === 410 ? 'gone' : 'unreachable')
}

/** Gives up as soon as more comes than is taken. */
async function bodyOf(response: Response, most: number): Promise<{ bytes: Uint8Array; response: Response }> {
  const parts: Uint8Array[] = []
  let length = 0
  try {
    const reader = response.body?.getReader()
    for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
      length += part.value.length
      if (length > most) {
        void reader?.cancel()
        throw new SourceFailed('malformed')
      }
      parts.push(part.value)
    }
  } catch (error) {
    throw error instanceof SourceFailed ? error : new SourceFailed('unreachable')
  }
  const bytes = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return { bytes, response }
}

/** Entries that follow must follow on these: a server must not leave any out unseen, nor send the page round in circles. */
function nextOf(response: Response, following: number): number | null {
  const header = response.headers.get('x-next')
  if (header === null) return null
  const next = Number(header)
  if (!/^[1-9]\d{0,9}$/.test(header) || next !== following) throw new SourceFailed('malformed')
  return next
}
