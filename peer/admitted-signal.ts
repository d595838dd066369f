import type { SignalData } from '../protocol/messages/relayed.ts'
import type { VideoDirection } from './link-media.ts'

export interface SignalRules {
  readonly isInitiator: boolean
  /** The other end's description is there already: a link is never negotiated twice. */
  readonly isDescribed: boolean
  /** Undefined where the link carries no video. */
  readonly theirDirection: VideoDirection | undefined
}

/**
 * What of the other end's signal may reach WebRTC; null where it asks for more than its role may. The other end has
 * proved the secret, not that it means well: a second description, a request for a transceiver or a media section of
 * its own would make this end decode video that it never asked for.
 */
export function admitSignal(signal: SignalData, rules: SignalRules): SignalData | null {
  if (signal.renegotiate !== undefined || signal.transceiverRequest !== undefined) return null
  if (signal.sdp === undefined) return signal.candidate ? { candidate: signal.candidate } : null
  const type = rules.isInitiator ? 'answer' : 'offer'
  if (signal.type !== type || rules.isDescribed || !isInOrder(signal.sdp, rules.theirDirection)) return null
  return { type, sdp: signal.sdp }
}

/** At most one section of video, in that direction, beside the channels' own section (RFC 8829, section 5). */
function isInOrder(sdp: string, direction: VideoDirection | undefined): boolean {
  const kinds: string[] = []
  const directions: string[] = []
  for (const line of sdp.split('\n')) {
    const kind = /^m=(\S*)/.exec(line)?.[1]
    if (kind !== undefined) kinds.push(kind)
    const found = /^a=(sendrecv|sendonly|recvonly|inactive)\b/.exec(line)?.[1]
    // What stands before the first section, or in the channels', means nothing but could be taken for the video's.
    if (found !== undefined && kinds.at(-1) === 'application') {
      if (found !== 'sendrecv') return false
    } else if (found !== undefined) directions.push(found)
  }
  const video = kinds.filter((kind) => kind === 'video').length
  const channels = kinds.filter((kind) => kind === 'application').length
  if (channels !== 1 || video + channels !== kinds.length) return false
  if (video === 0) return directions.length === 0
  return (
    video === 1 &&
    direction !== undefined &&
    directions.length === 1 &&
    (directions[0] === direction || directions[0] === 'inactive')
  )
}
