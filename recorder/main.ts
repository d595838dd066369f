import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import closeWithGrace from 'close-with-grace'
import { pino } from 'pino'
import { WebSocket } from 'ws'
import { systemClock } from '../peer/clock.ts'
import type { WebSocketLike } from '../peer/signaling-client.ts'
import { nodeRtc } from '../peer/wrtc.ts'
import { listRecordings } from '../store/recordings.ts'
import { openStore } from '../store/store.ts'
import { type RecorderConfig, readRecorderConfig } from './config.ts'
import { Recorder } from './recorder.ts'
import { storeIndex } from './store-index.ts'
import { Vault } from './vault.ts'

/** The recorder's process. */

const config = configOrExit()
const log = pino({ level: config.logLevel, base: null, name: 'recorder' })
mkdirSync(config.vaultFolder, { recursive: true, mode: 0o700 })
mkdirSync(dirname(config.indexFile), { recursive: true, mode: 0o700 })
const store = await openStore(config.indexFile)
const unfinished = await listRecordings(store, { state: 'open' })
const recorder = new Recorder(
  {
    connect: () =>
      new WebSocket(config.signalingUrl, {
        headers: { authorization: `Bearer ${config.token}` },
      }) as unknown as WebSocketLike,
    keys: config.keys,
    vault: new Vault({ directory: config.vaultFolder }),
    index: storeIndex(store),
    clock: systemClock,
    rtc: nodeRtc,
    log,
  },
  unfinished.map(({ sessionId }) => sessionId),
)

closeWithGrace({ delay: 5_000 }, async ({ err }) => {
  if (err) log.fatal({ err: { type: err.name, message: err.message } }, 'the recorder ends')
  recorder.close()
  await store.close()
})

function configOrExit(): RecorderConfig {
  try {
    return readRecorderConfig(process.env)
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error))
    // EX_CONFIG of sysexits.h: starting again would not help.
    process.exit(78)
  }
}
