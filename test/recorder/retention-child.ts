import { readFileSync, writeSync } from 'node:fs'
import { deserialize } from 'node:v8'
import { factsOf } from '../../recorder/recording-index.ts'
import { storeIndex } from '../../recorder/store-index.ts'
import { type ProcessSpec, RetentionProcess } from './retention-process.ts'

/**
 * A recorder that is going to be killed while it deletes what is due, holds what it is told to hold, and takes new
 * recordings, all at once. What it was promised to keep it prints before it goes on. Never ends by itself.
 */
const [specFile] = process.argv.slice(2)
const spec: ProcessSpec = deserialize(readFileSync(specFile!))
const say = (line: string) => writeSync(1, `${line}\n`)
setInterval(() => {}, 60_000)

const recorder = await RetentionProcess.open(spec.folder, () => spec.nowMs)
say('ready')
const index = storeIndex(recorder.store)
void recorder.retention.look().then(() => say('looked'))
void (async () => {
  for (const { sessionId, untilMs } of spec.holds) {
    await recorder.retention.hold(sessionId, untilMs)
    say(`held ${sessionId}`)
  }
  for (const { sessionId } of spec.holds) {
    await recorder.retention.release(sessionId)
    say(`released ${sessionId}`)
  }
})()
for (const { sessionId, header, wraps } of spec.opens) {
  const recording = await recorder.vault.open(sessionId, header, wraps)
  await index.opened(factsOf(recording))
  say(`opened ${sessionId}`)
}
