import { readFileSync } from 'node:fs'
import t from 'tap'
import { dataFolder } from '../../signaling/data-folder.ts'
import { HandClock } from './hand-clock.ts'
import { body, pair, reattach } from './paired-session.ts'
import { EXPERT, startService } from './running-service.ts'

t.test('[S5] the log tells the steps of a session by its id, and no secret of anyone', async (t) => {
  const clock = new HandClock()
  const service = await startService({
    dataFolder: t.testdir(),
    env: { LOTSE_LOG_LEVEL: 'trace' },
    replaced: { clock },
  })
  const recorder = await service.recorder()
  const cookie = await service.login()
  const { expert, customer, opened, joined } = await pair(service, cookie)
  const SDP = 'v=0 o=- 46117 IN IP4 127.0.0.1 a=fingerprint:sha-256 AA:BB a=candidate:1 1 UDP'
  for (const [from, to] of [
    [expert, 'customer'],
    [customer, 'expert'],
    [customer, 'recorder'],
  ] as const)
    from.send({ t: 'relay', to, body: body(SDP) })
  await recorder.next('relayed')
  recorder.send({ t: 'relay', to: 'customer', sessionId: opened.sessionId, body: body(SDP) })
  await customer.next('relayed')

  // What goes wrong must be as silent.
  const wrong = await service.customer()
  wrong.send({ t: 'number.join', nameplate: opened.nameplate, protocol: 1, secret: '471100' })
  await wrong.refusal()
  wrong.send(reattach({ ...joined, token: 'w'.repeat(43) }))
  await wrong.refusal()
  wrong.ws.send(`{"t":"relay","to":"expert","body":"${SDP}"`)
  await wrong.closed
  const nowhere = '/join/1234711006?secret=471100'
  await service.app.inject({ url: nowhere })
  await service.app.inject({ url: '/%ff471100' })
  await service.app.inject({
    method: 'POST',
    url: '/api/login',
    payload: { ...EXPERT, password: 'wrong-pass-wd' },
  })
  await service.app.inject({ method: 'POST', url: '/api/login', payload: '{"password":"half-a-pass' })
  recorder.cut()
  await customer.next('recorder.assigned')
  customer.cut()
  await expert.next('peer')
  const back = await service.customer()
  await back.ask(reattach(joined), 'session.reattached')
  back.send({ t: 'session.leave', reason: 'customer-ended' })
  await expert.next('session.ended')
  await service.app.inject({ method: 'POST', url: '/api/logout', headers: { cookie } })
  await service.stop()

  const log = service.log()
  const steps = log
    .split('\n')
    .filter((line) => line.includes(String(opened.sessionId)))
    .map((line) => JSON.parse(line).msg)
  t.same(steps, [
    'session waiting',
    'session paired',
    'recorder lost',
    'line lost',
    'line back',
    'session ended',
  ])
  const card = opened.card as { document: string; signature: string }
  const secrets: Record<string, unknown> = {
    "the expert's token": opened.token,
    "the customer's token": joined.token,
    'the cookie': cookie.split('=')[1],
    'the password': EXPERT.password,
    'a wrong password': 'wrong-pass-wd',
    'half a password': 'half-a-pass',
    'the name': EXPERT.name,
    'a relayed body': body(SDP),
    'an SDP': 'a=fingerprint',
    'a candidate': 'a=candidate',
    'a secret': '471100',
    'the card': card.document,
    'its signature': card.signature,
    "the recorder's token": readFileSync(dataFolder(service.config.dataFolder).recorderToken, 'utf8').trim(),
    'the card key': readFileSync(dataFolder(service.config.dataFolder).cardKey, 'utf8').trim(),
    'a wrong token': 'w'.repeat(43),
    'the word nameplate': 'nameplate',
  }
  for (const [what, secret] of Object.entries(secrets)) t.notOk(log.includes(String(secret)), `not ${what}`)
  const bare = log.replaceAll(/"time":"[^"]*"|"session":"[^"]*"|127\.0\.0\.1:\d+/g, '')
  t.notMatch(bare, new RegExp(`(?<![0-9])${opened.nameplate}(?![0-9])`), 'not the nameplate')
})

t.test('[S5] the database holds no secret that opens anything', async (t) => {
  const service = await startService({ dataFolder: t.testdir() })
  await service.recorder()
  const cookie = await service.login()
  const { opened, joined, expert } = await pair(service, cookie)
  expert.send({ t: 'relay', to: 'customer', body: body('v=0 a=candidate') })
  await service.stop()
  const { database } = dataFolder(service.config.dataFolder)
  const bytes = readFileSync(database, 'latin1')
  for (const secret of [
    opened.token,
    joined.token,
    cookie.split('=')[1],
    EXPERT.password,
    body('v=0 a=candidate'),
  ])
    t.notOk(bytes.includes(String(secret)))
  t.ok(bytes.includes(String(opened.sessionId)), 'this is the file')
})
