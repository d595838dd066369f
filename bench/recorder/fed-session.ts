import { randomBytes } from 'node:crypto'
import { systemClock } from '../../peer/clock.ts'
import { appendMessage, beatMessage, readRecorderMessage } from '../../peer/recording/recorder-messages.ts'
import { RecordingWriter } from '../../peer/recording/writer.ts'
import { nodeRtc } from '../../peer/wrtc.ts'
import { nodeCipher, nodeHash } from '../../peer-agent/session/node-seal.ts'
import { Recording } from '../../peer-agent/session/recording.ts'
import type { ServicePolicy } from '../../protocol/identity.ts'
import type { StillsContent } from '../../protocol/messages/entry.ts'
import { sessionIdOf } from './frames-stream.ts'
import type { RecorderUnderLoad } from './recorder-under-load.ts'

/** One session that is recorded. */
export interface FedSession {
  /** Seals a still of about this many bytes; resolves when the recorder's disk has it. */
  append(bytes: number): Promise<void>
  /** Asks the recorder whether it is alive, as an agent does twice a second. */
  beat(): void
  close(): void
}

/** What an entry holds besides the picture: headers, the seal, the frame around it. */
const OVERHEAD_BYTES = 420
/** Ciphertext is noise whatever was sealed, so noise costs the recorder what pictures cost. */
const NOISE = randomBytes(1024 * 1024)

function still(bytes: number): { content: StillsContent; payload: Uint8Array } {
  const payload = NOISE.subarray(0, Math.max(1, bytes - OVERHEAD_BYTES))
  const stills = [{ x: 0, y: 0, width: 320, height: 160, bytes: payload.length }]
  return { content: { t: 'stills', stills }, payload }
}

/** Over the local stream: no WebRTC, so that hundreds fit on a small machine. */
export async function streamedSession(
  recorder: RecorderUnderLoad,
  policy: ServicePolicy,
  session: number,
): Promise<FedSession> {
  const writer = await RecordingWriter.begin({
    sessionId: sessionIdOf(session),
    policy,
    agent: 'bench',
    now: Date.now,
    cipher: nodeCipher,
    hash: nodeHash,
  })
  const waiting: { seq: number; resolve: () => void }[] = []
  const send = recorder.stream(session, (frame) => {
    const message = readRecorderMessage(frame)
    if (message.t !== 'ack') throw new Error(`the recorder is in trouble: ${message.reason}`)
    writer.acknowledge(message.seq)
    while (waiting[0] && waiting[0].seq <= message.seq) waiting.shift()!.resolve()
  })
  let beat = 0
  const durable = (seq: number) => new Promise<void>((resolve) => waiting.push({ seq, resolve }))
  send(writer.openMessage)
  await durable(0)
  return {
    append(bytes) {
      const { content, payload } = still(bytes)
      const sealed = writer.append('tiles', content, payload)
      send(appendMessage(sealed))
      return durable(sealed.seq)
    },
    beat: () => send(beatMessage(++beat)),
    close: () => {},
  }
}

/** Over WebRTC, by the agent's own code; it beats by itself. */
export async function linkedSession(
  recorder: RecorderUnderLoad,
  policy: ServicePolicy,
  session: number,
): Promise<FedSession> {
  let relay: (body: string) => void = () => {}
  const recording = await Recording.begin(
    {
      sessionId: sessionIdOf(session),
      policy,
      agentBuild: 'bench',
      iceServers: () => [],
      clock: systemClock,
      rtc: nodeRtc,
    },
    {
      relay: (body) => relay(body),
      permission: () => {},
      failed: () => {
        throw new Error('the recording failed')
      },
    },
  )
  relay = recorder.relay(session, (body) => recording.receive(body))
  recording.assign({ key: recorder.key, epoch: 1 })
  await recording.durable(0)
  return {
    append(bytes) {
      const { content, payload } = still(bytes)
      return recording.durable(recording.record('tiles', content, payload)!)
    },
    beat: () => {},
    close: () => recording.closeLine(),
  }
}
