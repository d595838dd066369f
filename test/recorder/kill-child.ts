import { readFileSync, writeSync } from 'node:fs'
import { deserialize } from 'node:v8'
import { systemClock } from '../../peer/clock.ts'
import { appendMessage, openMessage, readRecorderMessage } from '../../peer/recording/recorder-messages.ts'
import { SessionRecording } from '../../recorder/session-recording.ts'
import { vaultAt } from './vault-at.ts'

/**
 * A recorder that is going to be killed: takes made-up sessions from a file, from wherever the vault stands, in bursts
 * of several sizes, and prints every acknowledgement as `session seq` before it goes on. Never ends by itself: on a
 * busy machine the kill may come later than its last entry.
 */
export interface SessionToRecord {
  readonly sessionId: string
  readonly header: Uint8Array
  readonly wraps: Uint8Array
  /** From number 1 on. */
  readonly entries: readonly Uint8Array[]
}

const [directory, sessionsFile] = process.argv.slice(2)
const sessions: SessionToRecord[] = deserialize(readFileSync(sessionsFile!))
const vault = vaultAt(directory!)
const nothing = async () => {}
setInterval(() => {}, 60_000)

for (const { sessionId, header, wraps, entries } of sessions) {
  const recording = new SessionRecording({
    sessionId,
    epoch: 1,
    vault,
    clock: systemClock,
    index: { opened: nothing, progressed: nothing, closed: nothing },
    ended: () => {},
    note: () => {},
  })
  let sentSeq = -1
  const link = recording.attach({
    close: () => {},
    send(frame) {
      const message = readRecorderMessage(frame)
      if (message.t === 'trouble') throw new Error(message.reason)
      writeSync(1, `${sessionId} ${message.seq}\n`)
      if (message.seq < sentSeq) return
      const burst = entries.slice(message.seq, message.seq + 1 + ((message.seq * 7) % 9))
      burst.forEach((bytes, at) => {
        sentSeq = message.seq + 1 + at
        link.receive(appendMessage({ seq: sentSeq, bytes }))
      })
    },
  })
  link.receive(openMessage(header, wraps))
}
