import { randomBytes } from '@noble/hashes/utils.js'
import { Decrypter, Encrypter } from 'age-encryption'
import type { RecordingKey } from '../../protocol/identity.ts'
import { type KeyWraps, keyWraps } from '../../protocol/messages/entry.ts'
import { fromBase64Url, toBase64Url } from '../base64url.ts'

/**
 * The key K of one recording is split: K = K1 xor K2. K1 is wrapped to every key of group A, K2 to every key of group
 * B (age, https://age-encryption.org/v1). Either half alone is uniform noise, so one person of each group is needed [R4].
 */
export const SESSION_KEY_BYTES = 32

export interface KeyGroups {
  readonly groupA: readonly RecordingKey[]
  readonly groupB: readonly RecordingKey[]
}

export interface SessionKey {
  /** K, 32 bytes. */
  readonly key: Uint8Array
  /** The `KeyWraps` document in UTF-8, as stored beside the recording. */
  readonly wraps: Uint8Array
}

export type GroupName = 'A' | 'B'

/** The given keys do not open the recording; `groups` are those of which none fits. */
export class KeysMissing extends Error {
  readonly groups: readonly GroupName[]

  constructor(groups: readonly GroupName[]) {
    const which = groups.map((group) => `group ${group}`).join(' or ')
    super(
      `None of the given keys is a key of ${which} for this recording. ` +
        'Opening it takes two people: one with a key of group A and one with a key of group B.',
    )
    this.name = 'KeysMissing'
    this.groups = groups
  }
}

/**
 * Makes and wraps K. Throws a RangeError where a group is empty or one key stands in both groups: its holder could
 * open the recording alone.
 * @param random a cryptographic source of this many bytes
 */
export async function makeSessionKey(
  { groupA, groupB }: KeyGroups,
  random: (count: number) => Uint8Array = randomBytes,
): Promise<SessionKey> {
  if (groupA.length === 0 || groupB.length === 0)
    throw new RangeError('each key group needs at least one key')
  if (groupA.some((a) => groupB.some((b) => a.recipient === b.recipient)))
    throw new RangeError('the same recording key stands in both groups')
  const key = random(SESSION_KEY_BYTES)
  const first = random(SESSION_KEY_BYTES)
  const second = xor(key, first)
  const document: KeyWraps = { t: 'wraps', a: await wrap(first, groupA), b: await wrap(second, groupB) }
  first.fill(0)
  second.fill(0)
  return { key, wraps: new TextEncoder().encode(keyWraps.encode(document)) }
}

/**
 * K from the wraps and the keys people brought, in any order.
 * @param identities age X25519 identities, `AGE-SECRET-KEY-1…`
 * Throws `KeysMissing`, `Refusal('malformed')` for wraps of a wrong form, RangeError for text that is no identity.
 */
export async function openSessionKey(wraps: Uint8Array, identities: readonly string[]): Promise<Uint8Array> {
  const { a, b } = keyWraps.decode(wraps)
  const first = await unwrap(fromBase64Url(a), identities)
  const second = await unwrap(fromBase64Url(b), identities)
  if (first && second) return xor(first, second)
  throw new KeysMissing([...(first ? [] : ['A' as const]), ...(second ? [] : ['B' as const])])
}

async function wrap(half: Uint8Array, group: readonly RecordingKey[]): Promise<string> {
  const encrypter = new Encrypter()
  for (const { recipient } of group) encrypter.addRecipient(recipient)
  return toBase64Url(await encrypter.encrypt(half))
}

async function unwrap(file: Uint8Array, identities: readonly string[]): Promise<Uint8Array | undefined> {
  for (const identity of identities) {
    const decrypter = new Decrypter()
    try {
      decrypter.addIdentity(identity)
    } catch {
      throw new RangeError('one of the given keys is no age key; it should begin with AGE-SECRET-KEY-1')
    }
    try {
      const half = await decrypter.decrypt(file)
      if (half.length === SESSION_KEY_BYTES) return half
    } catch {
      // Not a key of this group; another one may be.
    }
  }
  return undefined
}

function xor(one: Uint8Array, other: Uint8Array): Uint8Array {
  return one.map((byte, at) => byte ^ other[at]!)
}
