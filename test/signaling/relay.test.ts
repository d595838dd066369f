import fc from 'fast-check'
import t from 'tap'
import { body, pair } from './paired-session.ts'
import { startService } from './running-service.ts'

t.test('[T1] two sessions never mix, and every body arrives unchanged and in order', async (t) => {
  const service = await startService({ dataFolder: t.testdir() })
  t.teardown(() => service.stop())
  const recorder = await service.recorder()
  const cookie = await service.login()
  const sessions = [await pair(service, cookie), await pair(service, cookie), await pair(service, cookie)]

  // Which session, from which end to which, and what.
  const hop = fc.record({
    session: fc.nat(sessions.length - 1),
    way: fc.constantFrom('expert>customer', 'customer>expert', 'customer>recorder', 'recorder>customer'),
    text: fc.string({ maxLength: 200 }),
  })
  const lists = fc.sample(fc.array(hop, { minLength: 40, maxLength: 60 }), { numRuns: 8, seed: 20_300_101 })
  const sent = new Map<string, string[]>()
  const note = (log: Map<string, string[]>, to: string, what: string) =>
    log.set(to, [...(log.get(to) ?? []), what])

  for (const [index, { session, way, text }] of lists.flat().entries()) {
    const { expert, customer, opened } = sessions[session]!
    const marked = body(`${index} ${session} ${way} ${text}`)
    const [from, to] = way.split('>') as [string, string]
    if (from === 'expert') expert.send({ t: 'relay', to, body: marked })
    else if (from === 'customer') customer.send({ t: 'relay', to, body: marked })
    else recorder.send({ t: 'relay', to, sessionId: opened.sessionId, body: marked })
    note(sent, `${to} ${session} from ${from}`, marked)
  }
  // One last word on every way; when all have arrived, so has everything before them.
  for (const { expert, customer, opened } of sessions) {
    const last = body('last')
    expert.send({ t: 'relay', to: 'customer', body: last })
    customer.send({ t: 'relay', to: 'expert', body: last })
    customer.send({ t: 'relay', to: 'recorder', body: last })
    recorder.send({ t: 'relay', to: 'customer', sessionId: opened.sessionId, body: last })
  }
  const untilLast = async (socket: typeof recorder, times: number) => {
    for (let left = times; left > 0; ) if ((await socket.next('relayed')).body === body('last')) left--
  }
  for (const { expert, customer } of sessions) {
    await untilLast(expert, 1)
    await untilLast(customer, 2)
  }
  await untilLast(recorder, sessions.length)

  const got = new Map<string, string[]>()
  const isWord = ({ t, body: word }: { t: string; body?: unknown }) =>
    t === 'relayed' && word !== body('last')
  for (const [session, { expert, customer, opened }] of sessions.entries()) {
    for (const message of expert.all.filter(isWord))
      note(got, `expert ${session} from ${message.from}`, String(message.body))
    for (const message of customer.all.filter(isWord))
      note(got, `customer ${session} from ${message.from}`, String(message.body))
    for (const message of recorder.all.filter(isWord))
      if (message.sessionId === opened.sessionId)
        note(got, `recorder ${session} from ${message.from}`, String(message.body))
  }
  t.same([...got].toSorted(), [...sent].toSorted())
  t.ok(sent.size >= 12, 'every way of every session was used')
})
