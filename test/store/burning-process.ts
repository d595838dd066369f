import { once } from 'node:events'
import { burnNumber } from '../../store/sessions.ts'
import { openStore } from '../../store/store.ts'

/** A process of `burn.test.ts`: tries every nameplate four times at once and tells which ones it got. */
const [file, name, ...nameplates] = process.argv.slice(2)
const store = await openStore(file!, { busyTimeoutMs: 20_000 })
process.send!('ready')
await once(process, 'message')
const attempts = [...nameplates, ...nameplates, ...nameplates, ...nameplates].map(async (nameplate) => {
  const result = await burnNumber(store, { nameplate, customerTokenHash: name!, nowMs: Date.now() })
  return typeof result === 'object' ? [nameplate] : []
})
process.send!((await Promise.all(attempts)).flat())
await store.close()
process.disconnect()
