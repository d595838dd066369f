/**
 * Caps the rate of the one video sender. wrtc refuses its own `getParameters()` as "modified" (node-webrtc#613): it
 * leaves out the SSRC, and writes format lines in a way it does not read.
 */
export async function setMostBits(
  connection: RTCPeerConnection,
  sender: RTCRtpSender,
  bitsPerSecond: number,
): Promise<void> {
  const section = connection.localDescription?.sdp.split(/\r\nm=/).find((text) => text.startsWith('video'))
  const ssrc = /^a=ssrc-group:FID (\d+)/m.exec(section ?? '')?.[1]
  if (ssrc === undefined) throw new TypeError('the connection has no film to set the rate of')
  const parameters = sender.getParameters()
  Object.assign(parameters.encodings[0]!, { ssrc: Number(ssrc), maxBitrate: bitsPerSecond })
  for (const codec of parameters.codecs) {
    if (codec.sdpFmtpLine) {
      codec.sdpFmtpLine = codec.sdpFmtpLine.replace(/^a=fmtp:\d+ /, '').replace(/;\s+/g, ';')
    }
  }
  // The frames' size is the film's place on the screen, and the strip must stay readable; their number may fall.
  parameters.degradationPreference = 'maintain-resolution'
  await sender.setParameters(parameters)
}
