import type { ServerToRecorder } from '../protocol/messages/signaling.ts'
import type { RefusalCode } from '../protocol/refusals.ts'
import { postToService, type ServiceAddress } from './service-post.ts'
import type { Vault } from './vault.ts'
import { VaultFailure } from './vault-failure.ts'
import { WrapsUnreadable } from './wraps-shelf.ts'

type VaultRead = Extract<ServerToRecorder, { t: 'vault.read' }>

/**
 * Brings the service a part of a recording, as it is stored: sealed. The service passes it on to a page where two people
 * have their keys; who may ask is decided and written down there [R7]. One chunk at most is in memory.
 * Rejects where the service can't be reached or wants it no longer.
 */
export async function answerVaultRead(
  vault: Vault,
  service: ServiceAddress,
  asked: VaultRead,
): Promise<void> {
  const path = `/api/recorder/reads/${asked.readId}`
  let part: Part
  try {
    part = await readPart(vault, asked)
  } catch (error) {
    const isGone =
      error instanceof WrapsUnreadable || (error instanceof VaultFailure && error.reason === 'refused')
    const code: RefusalCode = isGone ? 'not-found' : 'storage-failed'
    return postToService(service, `${path}/refused`, { code })
  }
  return postToService(service, path, part.bytes, part.heads)
}

interface Part {
  readonly heads: Readonly<Record<string, string>>
  readonly bytes: Uint8Array<ArrayBuffer>
}

async function readPart(vault: Vault, { what, sessionId, from }: VaultRead): Promise<Part> {
  if (what === 'wraps') return { heads: {}, bytes: Uint8Array.from(await vault.wraps.open(sessionId)) }
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
