import { createHash } from 'node:crypto'
import type { Hash } from '../peer/recording/hash.ts'

/** SHA-256 by OpenSSL: every byte that comes in is hashed once, so its speed bounds the sessions of a core. */
export const nodeHash: Hash = (bytes) => createHash('sha256').update(bytes).digest()
