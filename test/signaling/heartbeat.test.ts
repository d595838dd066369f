import { once } from 'node:events'
import t, { type Test } from 'tap'
import { LIMITS } from '../../signaling/limits/limits.ts'
import { MAX_BUFFERED_BYTES } from '../../signaling/sockets/wire.ts'
import { HandClock } from './hand-clock.ts'
import { pair } from './paired-session.ts'
import { startService } from './running-service.ts'

async function started(t: Test, pingEveryMs = 5_000) {
  const clock = new HandClock()
  const fast = { burst: 1e9, perSecond: 1e9 }
  const limits = { ...LIMITS, messages: fast, bytes: fast }
  const service = await startService({ dataFolder: t.testdir(), replaced: { clock, limits, pingEveryMs } })
  t.teardown(() => service.stop())
  const recorder = await service.recorder()
  return { clock, service, recorder }
}

t.test('[S4] a socket that answers no ping is gone after two, and the others are told', async (t) => {
  const { clock, service, recorder } = await started(t)
  const { expert, customer } = await pair(service)
  const others = [expert, recorder]
  const beat = async () => {
    const pinged = others.map(({ ws }) => once(ws, 'ping'))
    clock.turn(5_000)
    await Promise.all(pinged)
    // A pong goes out before what is sent next, so this one has been counted once the answer is here.
    await expert.settled()
    recorder.send({ t: 'recorder.ready', key: service.recorderKey })
    await recorder.next('refused')
  }
  // As on a line that died without a word: nothing is read, nothing is answered.
  customer.ws.pause()
  await beat()
  await beat()
  t.notOk(expert.all.some(({ presence }) => presence === 'lost'))
  clock.turn(5_000)
  t.match(await expert.next('peer'), { role: 'recorder', presence: 'joined' })
  t.match(await expert.next('peer'), { role: 'customer', presence: 'lost' })
  customer.ws.resume()
  t.equal(await customer.closed, 1006)
})

t.test('[S2] who does not read is cut off; memory stays bounded and nobody else notices', async (t) => {
  const { service } = await started(t, Number.MAX_SAFE_INTEGER)
  const { expert, customer } = await pair(service)
  const other = await pair(service)
  customer.ws.pause()
  const body = 'A'.repeat(80 * 1024)
  const lost = expert.next('peer').then(() => expert.next('peer'))
  let isLost = false
  lost.then(() => {
    isLost = true
  })
  // The kernel takes a few megabytes before our own buffer grows.
  for (let sent = 0; !isLost && sent < 2_000; sent++) {
    expert.send({ t: 'relay', to: 'customer', body })
    if (sent % 20 === 0) await expert.settled()
  }
  t.match(await lost, { role: 'customer', presence: 'lost' })
  const buffered = [...service.app.websocketServer.clients].map(({ bufferedAmount }) => bufferedAmount)
  t.ok(Math.max(...buffered) <= MAX_BUFFERED_BYTES + body.length)
  other.expert.send({ t: 'relay', to: 'customer', body: 'AAAA' })
  t.match(await other.customer.next('relayed'), { body: 'AAAA' })
  customer.ws.resume()
})

t.test('[S2] who sends too fast is read more slowly; nothing is lost', async (t) => {
  const clock = new HandClock()
  const limits = { ...LIMITS, messages: { burst: 5, perSecond: 1 } }
  const service = await startService({
    dataFolder: t.testdir(),
    replaced: { clock, limits, pingEveryMs: Number.MAX_SAFE_INTEGER },
  })
  t.teardown(() => service.stop())
  await service.recorder()
  const { expert, customer } = await pair(service)
  for (let n = 0; n < 10; n++) expert.send({ t: 'relay', to: 'customer', body: `0${n}` })
  for (let n = 0; n < 4; n++) t.match(await customer.next('relayed'), { body: `0${n}` })
  t.equal(customer.all.filter(({ t }) => t === 'relayed').length, 4, 'the rest waits')
  for (let n = 4; n < 10; n++) {
    clock.turn(1_000)
    t.match(await customer.next('relayed'), { body: `0${n}` })
  }
})
