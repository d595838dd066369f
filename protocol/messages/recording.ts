import { type Static, Type } from 'typebox'
import { codecOf } from '../codec.ts'

/** The `records` channel between agent and recorder: ordered, reliable, frames. Largest frame once joined. */
export const MAX_RECORD_BYTES = 24 * 1024 * 1024

/**
 * Agent → recorder, first: here is the recording's header entry and the wrapped keys, which the payload holds one
 * after the other. A recorder that has this recording answers with `ack` of what it holds; a new one creates it.
 */
const OpenRecording = Type.Object({
  t: Type.Literal('open'),
  headerBytes: Type.Integer({ minimum: 1, maximum: 65_536 }),
  wrapsBytes: Type.Integer({ minimum: 1, maximum: 262_144 }),
})
/** Agent → recorder: the payload is entry number `seq`; answered by `ack` once it is on the disk [R8]. */
const AppendEntry = Type.Object({ t: Type.Literal('append'), seq: Type.Integer({ minimum: 1 }) })
/** Agent → recorder twice a second: answer with an ack that carries this number [R1]. */
const Beat = Type.Object({ t: Type.Literal('beat'), beat: Type.Integer({ minimum: 1 }) })

/** Recorder → agent: every entry up to `seq` is written and fsynced (0: the header). */
const Ack = Type.Object({
  t: Type.Literal('ack'),
  epoch: Type.Integer({ minimum: 1 }),
  seq: Type.Integer({ minimum: 0 }),
  beat: Type.Integer({ minimum: 0 }),
})
/** Recorder → agent: it cannot write now; the picture stops at once. An ack later says that it can again. */
export const RECORDER_TROUBLES = ['disk-full', 'disk-failed', 'chain-broken', 'refused'] as const
const Trouble = Type.Object({
  t: Type.Literal('trouble'),
  epoch: Type.Integer({ minimum: 1 }),
  reason: Type.Enum(RECORDER_TROUBLES),
})

export const AgentToRecorder = Type.Union([OpenRecording, AppendEntry, Beat])
export type AgentToRecorder = Static<typeof AgentToRecorder>
export const RecorderToAgent = Type.Union([Ack, Trouble])
export type RecorderToAgent = Static<typeof RecorderToAgent>
export const agentToRecorder = codecOf(AgentToRecorder, 4096)
export const recorderToAgent = codecOf(RecorderToAgent, 4096)
