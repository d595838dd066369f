import type { ServerToRecorder } from '../protocol/messages/signaling.ts'
import type { RefusalCode } from '../protocol/refusals.ts'
import type { Vault } from './vault.ts'
import { VaultFailure } from './vault-failure.ts'

type VaultRead = Extract<ServerToRecorder, { t: 'vault.read' }>

export interface VaultReadingOptions {
  readonly vault: Pick<Vault, 'read' | 'innerWraps'>
  /** Of the service, as `https://help.example.org`. */
  readonly origin: string
  readonly token: string
}

const ANSWER_WITHIN_MS = 30_000

/**
 * Brings the service a part of a recording, as it is stored: sealed. The service passes it on to a page where two people
 * have their keys; who may ask is decided and written down there [R7]. One chunk at most is in memory.
 * Rejects where the service can't be reached.
 */
export async function answerVaultRead(options: VaultReadingOptions, asked: VaultRead): Promise<void> {
  const path = `/api/recorder/reads/${asked.readId}`
  let part: Part
  try {
    part = await readPart(options.vault, asked)
  } catch (error) {
    if (!(error instanceof VaultFailure)) throw error
    const code: RefusalCode = error.code === 'refused' ? 'not-found' : 'storage-failed'
    await post(options, `${path}/refused`, { 'content-type': 'application/json' }, JSON.stringify({ code }))
    return
  }
  const { heads, bytes } = part
  await post(options, path, { 'content-type': 'application/octet-stream', ...heads }, bytes)
}

interface Part {
  readonly heads: Record<string, string>
  readonly bytes: Uint8Array<ArrayBuffer>
}

async function readPart(
  vault: VaultReadingOptions['vault'],
  { what, sessionId, from }: VaultRead,
): Promise<Part> {
  if (what === 'wraps') return { heads: {}, bytes: Uint8Array.from(await vault.innerWraps(sessionId)) }
  for await (const { from: first, entries } of vault.read(sessionId, { from, to: Number.MAX_SAFE_INTEGER })) {
    const to = first + entries.length - 1
    const heads = { 'x-from': String(first), 'x-to': String(to), 'x-next': String(to + 1) }
    return { heads, bytes: framed(entries) }
  }
  // Behind the last entry there is nothing, and nowhere to read on.
  return { heads: {}, bytes: new Uint8Array() }
}

/** Each entry behind its length as u32, big endian. */
function framed(entries: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(entries.reduce((sum, { length }) => sum + 4 + length, 0))
  const view = new DataView(bytes.buffer)
  let at = 0
  for (const entry of entries) {
    view.setUint32(at, entry.length)
    bytes.set(entry, at + 4)
    at += 4 + entry.length
  }
  return bytes
}

async function post(
  { origin, token }: VaultReadingOptions,
  path: string,
  heads: Record<string, string>,
  body: string | Uint8Array<ArrayBuffer>,
): Promise<void> {
  const response = await fetch(`${origin}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, ...heads },
    body,
    signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
  })
  await response.body?.cancel()
}
