import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { x25519 } from '@noble/curves/ed25519.js'
import { fromBase64Url } from '../peer/base64url.ts'
import type { HailKeys } from '../peer/hail.ts'
import { type RecorderFiles, recorderFiles } from './recorder-files.ts'
import type { ServiceAddress } from './service-post.ts'

export interface RecorderConfig extends RecorderFiles {
  /** Where signaling is reached; inside a compose network not the public origin. */
  readonly signalingUrl: string
  /** The same for what goes by HTTP. */
  readonly service: ServiceAddress
  readonly token: string
  readonly keys: HailKeys
  readonly logLevel: string
}

/** Reads the environment and the key files. Throws an Error whose message is the sentence for the operator. */
export function readRecorderConfig(env: NodeJS.ProcessEnv): RecorderConfig {
  const data = env.LOTSE_DATA || './data'
  const folder = join(data, 'recorder')
  const origin = env.LOTSE_SIGNALING_URL || env.LOTSE_ORIGIN || 'http://127.0.0.1:8080'
  const token =
    env.LOTSE_RECORDER_TOKEN || readSecret(join(data, 'signaling', 'recorder.token'), TOKEN_MISSING)
  return {
    ...recorderFiles(env),
    service: { origin: new URL(origin).origin, token },
    signalingUrl: `${new URL(origin).origin.replace(/^http/, 'ws')}/ws/recorder`,
    token,
    keys: readKeys(readSecret(join(folder, 'recorder.key'), KEY_MISSING)),
    logLevel: env.LOTSE_LOG_LEVEL || 'info',
  }
}

const TOKEN_MISSING =
  'The recorder has no token. Set LOTSE_RECORDER_TOKEN, or start signaling once on the same data folder.'
const KEY_MISSING =
  'The recorder has no key. Run `npm run operator -- make-recording-keys` on the same data folder first.'

function readSecret(path: string, sentence: string): string {
  if (!existsSync(path)) throw new Error(sentence)
  const line = readFileSync(path, 'utf8')
    .split('\n')
    .find((candidate) => candidate.trim() !== '' && !candidate.startsWith('#'))
  if (!line) throw new Error(sentence)
  return line.trim()
}

function readKeys(secret: string): HailKeys {
  const secretKey = fromBase64Url(secret)
  return { secretKey, publicKey: x25519.getPublicKey(secretKey) }
}
