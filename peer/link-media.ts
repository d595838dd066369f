/**
 * What a link carries beside its channels. One object serves all links of a line, one after the other; while a line is
 * made anew two of its links overlap.
 */
export interface LinkMedia {
  /** The only thing the other end may do with video: send it to this end, or take it from here. */
  readonly theirDirection: VideoDirection
  /** Called with a fresh connection, before anything is offered or answered. */
  prepare(connection: RTCPeerConnection): MediaOnLink
}

export type VideoDirection = 'sendonly' | 'recvonly'

/** The media of one connection. */
export interface MediaOnLink {
  /** Last hand on this end's description before it counts. */
  describe?(sdp: string): string
  /** Last hand on the other end's description, which is in order. */
  amend?(sdp: string): string
  /** Both fingerprints are confirmed: not before may a picture flow or be shown [T2]. */
  ready(): void
  close(): void
}
