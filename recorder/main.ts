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
import { BelievedClock } from './believed-clock.ts'
import { type RecorderConfig, readRecorderConfig } from './config.ts'
import { reportDeletion } from './deletion-report.ts'
import { readingDisk } from './disk.ts'
import { ExpiryKeys, pastOf } from './expiry-keys.ts'
import { carryOutHold } from './hold-order.ts'
import { repairIndex } from './index-repair.ts'
import { readMachineClock } from './machine-clock.ts'
import { Recorder } from './recorder.ts'
import { Retention } from './retention.ts'
import { storeIndex } from './store-index.ts'
import { Vault } from './vault.ts'
import { answerVaultRead } from './vault-reading.ts'

/** The recorder's process. */

const config = configOrExit()
const log = pino({ level: config.logLevel, base: null, name: 'recorder' })
mkdirSync(config.vaultFolder, { recursive: true, mode: 0o700 })
mkdirSync(dirname(config.indexFile), { recursive: true, mode: 0o700 })
const store = await openStore(config.indexFile)
const clock = await BelievedClock.open(
  {
    noteFile: config.clockNoteFile,
    confirmFile: config.clockConfirmedFile,
    read: readMachineClock,
    tell: (sentence) => log.warn(sentence),
  },
  () => pastOf(new ExpiryKeys(config.expiryKeysFolder, readingDisk)),
)
const vault = new Vault({
  directory: config.vaultFolder,
  keysDirectory: config.expiryKeysFolder,
  now: () => clock.now(),
})
const retention = new Retention({
  vault,
  store,
  clock: systemClock,
  timeToDeleteBy: () => clock.look(),
  tell: (level, sentence, sessionId) => log[level]({ sessionId }, sentence),
  deleted: (proof) => reportDeletion(config.service, proof),
})
await repairIndex(vault, store, false)
const unfinished = await listRecordings(store, { state: 'open' })
const recorder = new Recorder(
  {
    connect: () =>
      new WebSocket(config.signalingUrl, {
        headers: { authorization: `Bearer ${config.token}` },
      }) as unknown as WebSocketLike,
    keys: config.keys,
    vault,
    index: storeIndex(store),
    clock: systemClock,
    rtc: nodeRtc,
    log,
    bring: (asked) => answerVaultRead(vault, config.service, asked),
    hold: (asked) => carryOutHold(retention, config.service, asked),
  },
  unfinished.map(({ sessionId }) => sessionId),
)

retention.start()

closeWithGrace({ delay: 5_000 }, async ({ err }) => {
  if (err) log.fatal({ err: { type: err.name, message: err.message } }, 'the recorder ends')
  recorder.close()
  await retention.stop()
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
