import { createCipheriv, createDecipheriv, createHash } from 'node:crypto'
import type { Hash } from '../../peer/recording/hash.ts'
import type { RecordCipher } from '../../peer/recording/record-cipher.ts'

const TAG_BYTES = 16

/** AES-256-GCM by OpenSSL: a whole screen is sealed in a few milliseconds, so that the picture need not wait. */
export const nodeCipher: RecordCipher = {
  seal(key, nonce, associated, plain) {
    const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(associated)
    return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()])
  },
  open(key, nonce, associated, box) {
    const decipher = createDecipheriv('aes-256-gcm', key, nonce).setAAD(associated)
    decipher.setAuthTag(box.subarray(-TAG_BYTES))
    return Buffer.concat([decipher.update(box.subarray(0, -TAG_BYTES)), decipher.final()])
  },
}

export const nodeHash: Hash = (bytes) => createHash('sha256').update(bytes).digest()
