import { sha256 } from '@noble/hashes/sha2.js'

/** SHA-256, 32 bytes. A process with a faster one (node:crypto) passes its own. */
export type Hash = (bytes: Uint8Array) => Uint8Array

export const portableHash: Hash = sha256
