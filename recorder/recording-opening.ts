import { EMPTY_CHAIN, isFault, stepChain, wrapsBelong } from '../peer/recording/chain.ts'
import { keyWraps, type RecordingHeader } from '../protocol/messages/entry.ts'
import { nodeHash } from './node-hash.ts'
import { VaultFailure } from './vault-failure.ts'

/** Reads what a recording is opened with. Throws `refused` where it does not fit the session, or not together. */
export function readOpening(sessionId: string, header: Uint8Array, wraps: Uint8Array): RecordingHeader {
  const step = stepChain(EMPTY_CHAIN, header, nodeHash)
  if (isFault(step) || !step.header) {
    const what = isFault(step) ? step.fault : 'nothing'
    throw new VaultFailure('refused', `${what} instead of a header`)
  }
  if (step.header.sessionId !== sessionId) throw new VaultFailure('refused', 'header of another session')
  if (!wrapsBelong(step.header, wraps, nodeHash)) throw new VaultFailure('refused', 'wraps do not fit')
  try {
    keyWraps.decode(wraps)
  } catch (error) {
    throw new VaultFailure('refused', 'wraps malformed', error)
  }
  return step.header
}
