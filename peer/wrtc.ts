import wrtc from 'wrtc'

/**
 * WebRTC for Node. A natural exit of a process that has used wrtc may end in a segmentation fault
 * (node-webrtc#636), so the process leaves through `process.exit` as soon as nothing is left to do.
 */
process.once('beforeExit', () => process.exit())

export const nodeRtc: object = wrtc

/** I420: `width` × `height` of luma, then both chroma planes at half size, rounded up. */
export interface I420Frame {
  readonly width: number
  readonly height: number
  /** Fills its whole buffer: wrtc takes no view of a part. */
  readonly data: Uint8Array<ArrayBuffer>
}

export interface VideoSource {
  readonly track: MediaStreamTrack
  push(frame: I420Frame): void
  close(): void
}

/** Frames of a screen, for a track. */
export function openScreenSource(): VideoSource {
  const source = new wrtc.nonstandard.RTCVideoSource({ isScreencast: true })
  const track = source.createTrack()
  return {
    track,
    push: (frame) => source.onFrame(frame),
    close: () => track.stop(),
  }
}

/** VP8 and its retransmission; everything else this libwebrtc can code is dearer, or shown in wrong colours. */
export function filmCodecs(): RTCRtpCodec[] {
  const { codecs } = wrtc.RTCRtpSender.getCapabilities('video')!
  return codecs.filter(({ mimeType }) => /^video\/(vp8|rtx)$/i.test(mimeType))
}
