import { createServer } from 'node:net'
import { join } from 'node:path'
import { x25519 } from '@noble/curves/ed25519.js'
import { toBase64Url } from '../../peer/base64url.ts'
import { systemClock } from '../../peer/clock.ts'
import { nodeRtc } from '../../peer/wrtc.ts'
import { SessionLine } from '../../recorder/session-line.ts'
import { type RecordsAttachment, SessionRecording } from '../../recorder/session-recording.ts'
import { storeIndex } from '../../recorder/store-index.ts'
import { Vault } from '../../recorder/vault.ts'
import { openStore } from '../../store/store.ts'
import { onFrames, sessionIdOf, writeFrame } from './frames-stream.ts'

/**
 * The recorder as it is behind its door: intake, vault, disk and index, for sessions that come over real WebRTC (their
 * relay bodies over this process's channel) or, where there are to be more than WebRTC can carry here, over a local
 * stream. Only the socket to signaling is missing, which carries a few messages a session.
 */

export interface RelayedTo {
  readonly session: number
  readonly body: string
}

const [folder, socketPath] = process.argv.slice(2)
const vault = new Vault({
  directory: join(folder!, 'vault'),
  keysDirectory: join(folder!, 'expiry-keys'),
  now: Date.now,
})
const index = storeIndex(await openStore(join(folder!, 'index.sqlite')))
const secretKey = x25519.utils.randomSecretKey()
const keys = { secretKey, publicKey: x25519.getPublicKey(secretKey) }
const tell = (message: object) => void process.send!(message)

function recordingOf(session: number): SessionRecording {
  return new SessionRecording({
    sessionId: sessionIdOf(session),
    epoch: 1,
    vault,
    index,
    clock: systemClock,
    ended: () => {},
    note: ({ event, detail }) => {
      if (event !== 'held') tell({ trouble: `${event}: ${detail ?? ''}` })
    },
  })
}

const streamed = createServer((socket) => {
  const attached = new Map<number, RecordsAttachment>()
  onFrames(socket, (session, frame) => {
    let attachment = attached.get(session)
    if (!attachment) {
      attachment = recordingOf(session).attach({
        send: (answer) => writeFrame(socket, session, answer),
        close: () => {},
      })
      attached.set(session, attachment)
    }
    attachment.receive(frame)
  })
})

const lines = new Map<number, SessionLine>()
process.on('message', ({ session, body }: RelayedTo) => {
  let line = lines.get(session)
  if (!line) {
    line = new SessionLine({
      sessionId: sessionIdOf(session),
      keys,
      recording: recordingOf(session),
      clock: systemClock,
      rtc: nodeRtc,
      relay: (answer) => tell({ session, body: answer }),
    })
    lines.set(session, line)
  }
  line.receive(body)
})
process.on('disconnect', () => process.exit(0))

streamed.listen(socketPath, () => tell({ key: toBase64Url(keys.publicKey) }))
