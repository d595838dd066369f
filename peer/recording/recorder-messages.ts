import { decodeFrame, encodeFrame, joinFrame } from '../../protocol/frame.ts'
import { agentToRecorder, type RecorderToAgent, recorderToAgent } from '../../protocol/messages/recording.ts'

/** The frames of the `records` channel as the agent sends and reads them. */

const NOTHING = new Uint8Array()

export function openMessage(header: Uint8Array, wraps: Uint8Array): Uint8Array {
  const message = { t: 'open', headerBytes: header.length, wrapsBytes: wraps.length } as const
  return encodeFrame(agentToRecorder, message, joined(header, wraps))
}

export function appendMessage({ seq, bytes }: { seq: number; bytes: Uint8Array }): Uint8Array {
  return encodeFrame(agentToRecorder, { t: 'append', seq }, bytes)
}

/** @param beat counted up from 1 over all links of a session, never back */
export function beatMessage(beat: number): Uint8Array {
  return encodeFrame(agentToRecorder, { t: 'beat', beat }, NOTHING)
}

/** Throws a `Refusal` on anything that is not a message of the recorder. */
export function readRecorderMessage(frame: Uint8Array): RecorderToAgent {
  return decodeFrame(recorderToAgent, frame).header
}

/** Bytes that `append` adds to an entry, at most. */
export const APPEND_OVERHEAD_BYTES = joinFrame(
  new TextEncoder().encode(agentToRecorder.encode({ t: 'append', seq: Number.MAX_SAFE_INTEGER })),
  NOTHING,
).length

function joined(one: Uint8Array, other: Uint8Array): Uint8Array {
  const both = new Uint8Array(one.length + other.length)
  both.set(one)
  both.set(other, one.length)
  return both
}
