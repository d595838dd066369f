import { type GroupName, KeysMissing, openSessionKey } from '../../peer/recording/session-key.ts'
import { type KeyFileProblem, readKey } from './key-file.ts'

/**
 * `other-recording`: a good key, but none of those this recording was sealed for. `wraps-damaged`: what was sealed for
 * the keys cannot be read, whatever key is brought.
 */
export type KeyProblem = KeyFileProblem | 'other-recording' | 'same-group' | 'wraps-damaged'
export type Brought =
  | { readonly group: GroupName }
  | { readonly problem: KeyProblem; readonly group: GroupName | null }

/**
 * The keys that two people have brought for one recording [R4]. Which group one belongs to is found by trying. They
 * stay in the memory of the worker this runs in, and end with it.
 */
export class KeyRing {
  readonly #wraps: Uint8Array
  readonly #identities = new Map<GroupName, string>()

  constructor(wraps: Uint8Array) {
    this.#wraps = wraps
  }

  async bring(file: Uint8Array, passphrase: string | null): Promise<Brought> {
    const read = await readKey(file, passphrase)
    file.fill(0)
    if ('problem' in read) return { problem: read.problem, group: null }
    const groups = await this.#groupsOf(read.identity)
    if (typeof groups === 'string') return { problem: groups, group: null }
    const free = groups.find((group) => !this.#identities.has(group))
    if (free) {
      this.#identities.set(free, read.identity)
      return { group: free }
    }
    const [taken = null] = groups
    return { problem: taken ? 'same-group' : 'other-recording', group: taken }
  }

  takeBack(group: GroupName): void {
    this.#identities.delete(group)
  }

  /** The session's key as one that can be used but not read, once both are there; the brought ones are let go of. */
  async sessionKey(): Promise<CryptoKey | null> {
    if (this.#identities.size < 2) return null
    const key = await openSessionKey(this.#wraps, [...this.#identities.values()])
    this.#identities.clear()
    try {
      return await crypto.subtle.importKey('raw', own(key), 'AES-GCM', false, ['decrypt'])
    } finally {
      key.fill(0)
    }
  }

  async #groupsOf(identity: string): Promise<readonly GroupName[] | 'not-a-key' | 'wraps-damaged'> {
    try {
      const key = await openSessionKey(this.#wraps, [identity])
      key.fill(0)
      return ['A', 'B']
    } catch (error) {
      if (error instanceof RangeError) return 'not-a-key'
      if (!(error instanceof KeysMissing)) return 'wraps-damaged'
      return (['A', 'B'] as const).filter((group) => !error.groups.includes(group))
    }
  }
}

function own(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes as Uint8Array<ArrayBuffer>
}
