import { once } from 'node:events'
import { appendAuditLine } from '../../store/audit-log.ts'
import { openStore } from '../../store/store.ts'
import { SigningService } from '../fixtures/audit-log.ts'

/**
 * A process of `audit-log.test.ts`: once told to, it appends lines one after the other and tells each that is
 * acknowledged. It stops after `count`, or is killed.
 */
const [file, name, count, seed] = process.argv.slice(2)
const store = await openStore(file!, { busyTimeoutMs: 60_000 })
const audit = new SigningService(seed).audit(store)
process.send!('ready')
await once(process, 'message')
for (let n = 0; n < Number(count); n++) {
  const event = { t: 'operator', command: 'list-accounts', given: { by: name!, n: String(n) } } as const
  const { seq, hash } = await appendAuditLine(store, audit.line(event))
  await new Promise<void>((sent) => process.send!({ seq, hash, n }, () => sent()))
}
await store.close()
process.disconnect()
