import { decodeFrame } from '../protocol/frame.ts'
import { agentToRecorder, MAX_RECORD_BYTES } from '../protocol/messages/recording.ts'
import { Refusal } from '../protocol/refusals.ts'

/** A frame of the `records` channel, checked and taken apart; the bytes are views into the frame. */
export type AgentMessage =
  | { readonly t: 'open'; readonly header: Uint8Array; readonly wraps: Uint8Array }
  | { readonly t: 'append'; readonly seq: number; readonly bytes: Uint8Array }
  | { readonly t: 'beat'; readonly beat: number }

/** Throws a `Refusal`: malformed, too-large or unknown-type. What an entry holds is not looked at. */
export function readAgentMessage(frame: string | Uint8Array): AgentMessage {
  if (typeof frame === 'string') throw new Refusal('malformed')
  if (frame.length > MAX_RECORD_BYTES) throw new Refusal('too-large')
  const { header: message, payload } = decodeFrame(agentToRecorder, frame)
  switch (message.t) {
    case 'open': {
      const { headerBytes, wrapsBytes } = message
      if (headerBytes + wrapsBytes !== payload.length) throw new Refusal('malformed')
      return { t: 'open', header: payload.subarray(0, headerBytes), wraps: payload.subarray(headerBytes) }
    }
    case 'append':
      if (payload.length === 0) throw new Refusal('malformed')
      return { t: 'append', seq: message.seq, bytes: payload }
    case 'beat':
      if (payload.length > 0) throw new Refusal('malformed')
      return { t: 'beat', beat: message.beat }
  }
}
