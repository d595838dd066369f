import t from 'tap'
import type { AuditEvent } from '../../protocol/messages/audit-event.ts'
import { OwedLines } from '../../signaling/audit/owed-lines.ts'
import { RefusedLogins } from '../../signaling/audit/refused-logins.ts'
import { StorageFailure } from '../../store/store.ts'
import { HandClock } from './hand-clock.ts'

/** A log that takes lines, or fails as told. */
function logThat() {
  const log = { written: [] as AuditEvent[], failure: null as Error | null, failures: 0 }
  const append = async (event: AuditEvent) => {
    if (log.failure) throw log.failure
    log.written.push(event)
  }
  const onFailure = () => {
    log.failures++
  }
  return { log, append, onFailure }
}

const full = new StorageFailure(Object.assign(new Error('full'), { code: 'SQLITE_FULL' }))
const settled = () => new Promise((done) => setImmediate(done))
const command = (name: string) => ({ t: 'operator', command: name, given: {} }) as const

t.test(
  '[R7] lines that are owed wait for the disk and keep their order; a mistake of ours holds up none',
  async (t) => {
    const { log, append, onFailure } = logThat()
    const owed = new OwedLines(append, onFailure)
    log.failure = full
    await owed.add(command('one'))
    await owed.add(command('two'))
    await owed.retry()
    t.same([log.written, log.failures], [[], 3])
    log.failure = new TypeError('a mistake of ours')
    await owed.retry()
    log.failure = null
    await Promise.all([owed.retry(), owed.add(command('three')), owed.retry()])
    t.same(log.written, [command('two'), command('three')], 'each once')
  },
)

t.test('[R7] refused log-ins that cannot be written stay counted', async (t) => {
  const { log, append, onFailure } = logThat()
  const clock = new HandClock()
  const startMs = clock.nowMs()
  const refused = new RefusedLogins({ clock, append, onFailure })
  const account = (n: number) => ({ id: `expert-${n}`, name: `Expert ${n}` })
  log.failure = full
  refused.note(account(0))
  await settled()
  for (let n = 0; n < 40; n++) refused.note(account(n))
  refused.note(null)
  refused.noteSlowed()
  clock.turn(60_000)
  await settled()
  t.same([log.written, log.failures], [[], 2])
  log.failure = null
  clock.turn(60_000)
  await settled()
  const [line] = log.written
  t.match(line, {
    t: 'log-in-refused',
    fromMs: startMs,
    toMs: startMs + 120_000,
    unknown: 1,
    slowed: 1,
    further: 8,
  })
  const accounts = line?.t === 'log-in-refused' ? line.accounts : []
  t.equal(accounts.length, 32)
  t.same(accounts[0], { expert: account(0), count: 2 })
  await refused.close()
  refused.note(account(1))
  clock.turn(120_000)
  await settled()
  t.equal(log.written.length, 1, 'nothing after the end')
})
