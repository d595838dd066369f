import type { MediaOnLink } from '../../peer/link-media.ts'
import { FilmSender } from '../../peer-agent/picture/film-sender.ts'

/** How the film fares on its link. Counters count from the link's beginning. */
export interface FilmStats {
  readonly framesEncoded: number
  readonly keyFramesEncoded: number
  readonly bytesSent: number
  /** Sum of VP8's quantisers, 0 (best) to 127, over all encoded frames. */
  readonly qpSum: number
  readonly encodeSeconds: number
  /** What the line is thought to carry; null before there is an estimate. */
  readonly availableBitsPerSecond: number | null
  readonly roundTripMs: number | null
  /** Of the last report's packets, 0 to 1; null before the first. */
  readonly fractionLost: number | null
  /** What keeps the picture from being better: `none`, `bandwidth`, `cpu` or `other`. */
  readonly limitedBy: string
}

type Entry = Record<string, unknown> & { readonly type: string }

/** Reads what `getStats` tells of the one film on a connection; null where nothing was ever sent. */
function readFilmStats(report: RTCStatsReport): FilmStats | null {
  const entries = [...(report as unknown as Map<string, Entry>).values()]
  const sent = entries.find(({ type, kind }) => type === 'outbound-rtp' && kind === 'video')
  if (!sent) return null
  const heard = entries.find(({ type, kind }) => type === 'remote-inbound-rtp' && kind === 'video')
  // Several pairs may have succeeded; the estimate is kept on the one in use.
  const inUse = entries.find(({ type, selectedCandidatePairId }) => {
    return type === 'transport' && selectedCandidatePairId !== undefined
  })
  const path = entries.find(({ id }) => id === inUse?.selectedCandidatePairId)
  const number = (entry: Entry | undefined, key: string): number | null => {
    const value = entry?.[key]
    return typeof value === 'number' ? value : null
  }
  const count = (key: string) => number(sent, key) ?? 0
  const roundTripSeconds = number(path, 'currentRoundTripTime') ?? number(heard, 'roundTripTime')
  return {
    framesEncoded: count('framesEncoded'),
    keyFramesEncoded: count('keyFramesEncoded'),
    bytesSent: count('bytesSent'),
    qpSum: count('qpSum'),
    encodeSeconds: count('totalEncodeTime'),
    availableBitsPerSecond: number(path, 'availableOutgoingBitrate'),
    roundTripMs: roundTripSeconds === null ? null : roundTripSeconds * 1000,
    fractionLost: number(heard, 'fractionLost'),
    limitedBy: String(sent.qualityLimitationReason ?? 'none'),
  }
}

/** A sender whose connection can be asked how the film fares. */
export class WatchedFilm extends FilmSender {
  #connection: RTCPeerConnection | undefined

  override prepare(connection: RTCPeerConnection): MediaOnLink {
    this.#connection = connection
    return super.prepare(connection)
  }

  /** Of the newest link; null before it has room for the film. */
  async stats(): Promise<FilmStats | null> {
    return this.#connection ? readFilmStats(await this.#connection.getStats()) : null
  }
}
