import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import type { RequestView } from '../../protocol/messages/recording-requests.ts'
import type { ServerToRecorder } from '../../protocol/messages/signaling.ts'
import { OPEN_FOR_MS } from '../../protocol/recording-request.ts'
import { postToService } from '../../recorder/service-post.ts'
import { answerVaultRead } from '../../recorder/vault-reading.ts'
import { dataFolder } from '../../signaling/data-folder.ts'
import { entriesOf, makeRecording, openingOf } from '../fixtures/recording.ts'
import { vaultAt } from '../recorder/vault-at.ts'
import { auditEvents } from './audit-lines.ts'
import { HandClock } from './hand-clock.ts'
import { pair } from './paired-session.ts'
import { EXPERT, startService } from './running-service.ts'

const PASSWORD = 'correct horse battery'
const account = (name: string) => ({ name, team: '', role: 'auditor' as const, password: PASSWORD })
const REASON = 'The customer says that a file was deleted.'

type VaultRead = Extract<ServerToRecorder, { t: 'vault.read' }>

/** A service with three auditors, and a recorder that holds the recording of a session that has ended. */
async function scene(t: Test) {
  const clock = new HandClock()
  const folder = t.testdir()
  const service = await startService({
    dataFolder: folder,
    replaced: { clock },
    experts: ['Anna', 'Bodo', 'Carla'].map(account),
  })
  t.teardown(() => service.stop())
  const recorder = await service.recorder()
  const { opened, expert } = await pair(service)
  const sessionId = String(opened.sessionId)
  expert.send({ t: 'session.leave', reason: 'expert-ended' })
  await recorder.next('session.ended')

  const { writer, a, b } = await makeRecording({ sessionId })
  const vault = vaultAt(join(folder, 'vault'))
  t.teardown(() => vault.close())
  const { header, wraps } = openingOf(writer)
  const file = await vault.open(sessionId, header, wraps)
  for (let n = 0; n < 5; n++) writer.append('chat', { t: 'chat', from: 'customer', text: `line ${n}` })
  writer.close()
  const entries = entriesOf(writer)
  for (const [seq, bytes] of entries.entries()) if (seq > 0) await file.append(seq, bytes)

  const token = readFileSync(dataFolder(service.config.dataFolder).recorderToken, 'utf8').trim()
  const address = { origin: service.origin, token }
  const cookies = {
    anna: await service.login({ name: 'Anna', password: PASSWORD }),
    bodo: await service.login({ name: 'Bodo', password: PASSWORD }),
    carla: await service.login({ name: 'Carla', password: PASSWORD }),
    expert: await service.login(EXPERT),
  }
  const call = async (who: keyof typeof cookies, path: string, body?: object) => {
    const response = await fetch(`${service.origin}${path}`, {
      method: body ? 'POST' : 'GET',
      headers: { cookie: cookies[who], ...(body ? { 'content-type': 'application/json' } : {}) },
      ...(body ? { body: JSON.stringify(body) } : {}),
    })
    const bytes = Buffer.from(await response.arrayBuffer())
    const json = () => JSON.parse(bytes.toString()) as RequestView & { code?: string }
    return { status: response.status, bytes, json, next: response.headers.get('x-next') }
  }
  /** Reads with a recorder that answers from its vault. */
  const read = async (who: keyof typeof cookies, path: string) => {
    const [answer] = await Promise.all([
      call(who, path),
      recorder
        .next('vault.read')
        .then((asked) => answerVaultRead(vault, address, asked as unknown as VaultRead)),
    ])
    return answer
  }
  const ask = async (given: object = {}) => {
    const body = { sessionId, kind: 'open', reason: REASON, caseNumber: 'A-17', ...given }
    return (await call('anna', '/api/recording-requests', body)).json()
  }
  const decide = (who: keyof typeof cookies, id: string, t: string) =>
    call(who, `/api/recording-requests/${id}`, { t })
  const events = () => auditEvents(service.config)
  return {
    service,
    clock,
    recorder,
    address,
    sessionId,
    wraps,
    entries,
    a,
    b,
    call,
    read,
    ask,
    decide,
    events,
  }
}

t.test(
  '[R7] two people open a recording; each step and each part handed out is a line of the audit log',
  async (t) => {
    const { call, read, ask, decide, events, wraps, entries, sessionId } = await scene(t)
    const asked = await ask()
    t.match(asked, { state: 'asked', session: { sessionId, expertName: EXPERT.name }, caseNumber: 'A-17' })
    t.equal((await call('anna', `/api/openings/${asked.id}/wraps`)).status, 403, 'not before it is approved')
    t.equal((await decide('anna', asked.id, 'approve')).status, 403, 'nobody approves their own')
    t.match((await decide('bodo', asked.id, 'approve')).json(), {
      state: 'approved',
      decidedBy: { name: 'Bodo' },
    })
    t.equal((await decide('carla', asked.id, 'approve')).status, 409)
    t.ok((await read('anna', `/api/openings/${asked.id}/wraps`)).bytes.equals(wraps))
    const first = await read('bodo', `/api/openings/${asked.id}/entries?from=0`)
    const framed = entries.flatMap((bytes) => {
      const length = Buffer.alloc(4)
      length.writeUInt32BE(bytes.length)
      return [length, bytes]
    })
    t.ok(first.bytes.equals(Buffer.concat(framed)), 'as it is stored: sealed')
    t.equal(first.next, String(entries.length))
    const behind = await read('bodo', `/api/openings/${asked.id}/entries?from=${first.next}`)
    t.same([behind.bytes.length, behind.next], [0, null])
    t.match((await decide('anna', asked.id, 'close')).json(), { state: 'over', because: 'done' })
    t.equal((await call('anna', `/api/openings/${asked.id}/wraps`)).status, 403, 'nor after it is closed')
    const [anna, bodo] = [{ name: 'Anna' }, { name: 'Bodo' }]
    t.match(
      (await events()).filter(({ t }) => t.startsWith('opening-')),
      [
        { t: 'opening-requested', sessionId, by: anna, reason: REASON, caseNumber: 'A-17' },
        { t: 'opening-approved', by: bodo },
        { t: 'opening-read', by: bodo, fromEntry: 0, toEntry: entries.length - 1 },
        { t: 'opening-ended', by: anna },
      ],
    )
  },
)

t.test('[R7] nobody else gets anything, and nobody once the time is up', async (t) => {
  const { call, read, ask, decide, clock, events } = await scene(t)
  const { id } = await ask()
  await decide('bodo', id, 'approve')
  t.equal((await call('carla', `/api/openings/${id}/entries?from=0`)).status, 403, 'a third auditor')
  for (const path of [
    '/api/recording-requests',
    `/api/openings/${id}/wraps`,
    '/api/recorded-sessions?day=2030-01-01',
  ])
    t.equal((await call('expert', path)).status, 403, `an expert at ${path}`)
  t.equal((await read('anna', `/api/openings/${id}/wraps`)).status, 200)
  clock.turn(OPEN_FOR_MS)
  t.equal((await call('anna', `/api/openings/${id}/wraps`)).status, 403)
  clock.turn(10_000)
  t.match((await events()).at(-1), { t: 'opening-ended', by: null })
})

t.test('[R7] a request needs a session, a reason and a case; a hold needs a fair end', async (t) => {
  const { call, ask, sessionId, clock } = await scene(t)
  const whole = { sessionId, kind: 'open', reason: REASON, caseNumber: 'A-17' }
  const status = async (given: object) =>
    (await call('anna', '/api/recording-requests', { ...whole, ...given })).status
  t.equal(await status({ reason: 'short' }), 400)
  t.equal(await status({ reason: ' '.repeat(20) }), 400)
  t.equal(await status({ caseNumber: '' }), 400)
  t.equal(await status({ sessionId: 'A'.repeat(22) }), 404)
  t.equal(await status({ kind: 'hold' }), 400)
  t.equal(await status({ kind: 'hold', untilMs: clock.nowMs() - 1 }), 400)
  t.equal(await status({ untilMs: clock.nowMs() + 1_000 }), 400, 'only a hold has an end')
  t.match(await ask({ kind: 'export' }), { kind: 'export', state: 'asked' })
  t.match((await call('carla', '/api/recorded-sessions?day=2030-01-01')).json(), {
    sessions: [{ sessionId, expertName: EXPERT.name }],
  })
})

t.test('where no recorder has it, the page is told so', async (t) => {
  const { call, read, ask, decide, recorder, clock, address } = await scene(t)
  const { id } = await ask()
  await decide('bodo', id, 'approve')
  const silent = call('anna', `/api/openings/${id}/wraps`)
  const { readId } = await recorder.next('vault.read')
  clock.turn(10_000)
  t.match((await silent).json(), { code: 'no-recorder' })
  const late = postToService(address, `/api/recorder/reads/${readId}`, new Uint8Array(3))
  await t.rejects(late, /404/, 'what comes too late is not taken')
  t.equal((await read('anna', `/api/openings/${id}/wraps`)).status, 200)
  recorder.cut()
  await recorder.closed
  const gone = async () => (await call('anna', `/api/openings/${id}/wraps`)).json().code
  t.equal(await gone(), 'no-recorder')
})

t.test(
  '[R6] a hold that two agreed on reaches the recorder, also one that was away, and ends with them',
  async (t) => {
    const { service, ask, decide, recorder, address, clock, sessionId, call, events } = await scene(t)
    const untilMs = clock.nowMs() + 30 * 24 * 60 * 60 * 1000
    const { id } = await ask({ kind: 'hold', untilMs })
    recorder.cut()
    await recorder.closed
    t.match((await decide('bodo', id, 'approve')).json(), { state: 'approved', isInEffect: null })
    const back = await service.recorder()
    clock.turn(5_000)
    t.match(await back.next('vault.hold'), { requestId: id, sessionId, untilMs })
    await postToService(address, '/api/recorder/holds', { requestId: id, untilMs, isDone: true })
    const list = async () =>
      (
        JSON.parse((await call('carla', '/api/recording-requests')).bytes.toString()) as {
          requests: RequestView[]
        }
      ).requests
    t.match(await list(), [{ id, isInEffect: true }])
    await decide('anna', id, 'close')
    clock.turn(5_000)
    t.match(await back.next('vault.hold'), { requestId: id, untilMs: null })
    t.match(
      (await events()).filter(({ t }) => t.startsWith('hold-')).map(({ t }) => t),
      ['hold-requested', 'hold-approved', 'hold-ended'],
    )
  },
)

t.test(
  '[R6] with a deleted recording goes what the service knew of the session; a line of the log stays',
  async (t) => {
    const { address, sessionId, call, events, ask } = await scene(t)
    const report = { sessionId, head: 'h'.repeat(43), entries: 7, dueAtMs: 1, deletedAtMs: 2 }
    const asked = await ask()
    await postToService(address, '/api/recorder/deletions', report)
    await postToService(address, '/api/recorder/deletions', report)
    t.match((await call('anna', '/api/recorded-sessions?day=2030-01-01')).json(), { sessions: [] })
    t.match((await events()).at(-1), { t: 'recording-deleted', ...report })
    const { requests } = JSON.parse((await call('anna', '/api/recording-requests')).bytes.toString())
    t.match(requests, [{ id: asked.id, session: { startedAtMs: 0, expertName: '' } }])
  },
)
