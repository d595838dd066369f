/**
 * How the agent's end describes the film (SDP, RFC 8866). It sends and must never decode: this libwebrtc dates from
 * 2022, and what the other end sends is untrusted. `sendonly` alone does not keep it from that: a packet that names
 * the section's `mid`, or a source that the answer announced, is decoded all the same. So neither is ever known here.
 */

/** Names a packet's section or source, whatever its payload type. */
const ROUTING = 'urn:ietf:params:rtp-hdrext:sdes:'
/** All that is needed of an answer to `sendonly`; `extmap` and the start rate are seen to apart. */
const NEEDED =
  /^a=(rtpmap|rtcp-fb|mid|recvonly|inactive|rtcp-mux|rtcp-rsize|rtcp|ice-ufrag|ice-pwd|ice-options|fingerprint|setup|candidate|end-of-candidates)\b/

/** The agent's own offer, as it may count. */
export function withoutRouting(offer: string): string {
  return joined(linesOf(offer).filter((line) => !line.includes(ROUTING)))
}

/**
 * The expert's answer, as it may count, with VP8's first rate: from there the estimate of the line goes up or down.
 * Without it the first seconds are a matter of luck, 29 frames a second once and less than one the next time.
 */
export function takenAnswer(answer: string, startBitsPerSecond: number): string {
  const payload = /^a=rtpmap:(\d+) VP8\//im.exec(answer)?.[1]
  const start = `a=fmtp:${payload} x-google-start-bitrate=${Math.round(startBitsPerSecond / 1000)}`
  let isVideo = false
  const taken = linesOf(answer).flatMap((line) => {
    if (line.startsWith('m=')) isVideo = line.startsWith('m=video')
    if (line.includes(ROUTING)) return []
    if (!isVideo || !line.startsWith('a=') || line.startsWith('a=extmap:')) return [line]
    if (line.startsWith(`a=rtpmap:${payload} `)) return [line, start]
    return NEEDED.test(line) || /^a=fmtp:\d+ apt=\d+$/.test(line) ? [line] : []
  })
  return joined(taken)
}

function linesOf(sdp: string): string[] {
  return sdp.split('\n').map((line) => line.replace(/\r$/, ''))
}

function joined(lines: readonly string[]): string {
  return lines.join('\r\n')
}
