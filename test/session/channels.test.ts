import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import t from 'tap'
import { EXPERT_CHANNELS } from '../../peer/channel-specs.ts'
import { receiveFilm } from '../../peer/film-receiver.ts'
import { Proof } from '../../peer/proof.ts'
import { SecuredLine } from '../../peer/secured-line.ts'
import { nodeRtc } from '../../peer/wrtc.ts'
import { serverToExpert } from '../../protocol/messages/signaling.ts'
import { formatNumber } from '../../protocol/number.ts'
import { MEMORY_ORIGIN, MemoryService, newOperator } from '../fixtures/memory-service.ts'
import { fastClock, openCustomerPlayer, openExpertPlayer, openRecorderPlayer } from '../fixtures/players.ts'

const operator = await newOperator()
const folder = mkdtempSync(join(tmpdir(), 'lotse-test-'))
t.teardown(() => rmSync(folder, { recursive: true }))

/** An expert's end that proves itself and then sends whatever it is told to. */
async function rogueExpert(service: MemoryService, typed: (number: string) => void): Promise<SecuredLine> {
  const secret = '123456'
  const socket = service.connectExpert()
  let line: SecuredLine | undefined
  return new Promise((resolve) => {
    socket.onopen = () => socket.send('{"t":"session.open"}')
    socket.onmessage = (event: { data: string }) => {
      const message = serverToExpert.decode(event.data)
      if (message.t === 'session.opened') {
        const { sessionId, card, nameplate } = message
        const ignore = () => {}
        line = new SecuredLine(
          new Proof({ role: 'expert', secret, sessionId, origin: MEMORY_ORIGIN, card }),
          sessionId,
          {
            isCaller: false,
            role: 'expert',
            otherRole: 'customer',
            channels: Object.values(EXPERT_CHANNELS),
            iceServers: () => [],
            clock: fastClock,
            rtc: nodeRtc,
            media: receiveFilm(() => {}),
          },
          {
            relay: (body) => socket.send(JSON.stringify({ t: 'relay', to: 'customer', body })),
            ready: () => resolve(line!),
            message: ignore,
            proved: ignore,
            stage: ignore,
            failed: ignore,
            lost: ignore,
            back: ignore,
          },
        )
        typed(formatNumber({ nameplate, secret }))
      } else if (message.t === 'relayed') line?.receive(message.body)
    }
  })
}

/** Bytes and texts that no schema of ours allows, and some that are too large. */
function malformed(): fc.Arbitrary<string | Uint8Array> {
  return fc.oneof(
    fc.string(),
    fc.json(),
    fc.uint8Array({ maxLength: 2_000 }),
    fc.constantFrom(
      '{"t":"bye"}',
      '{"t":"drawn","seq":-1}',
      '{"t":"ask","level":"root"}',
      '{"t":"lock-input"}',
    ),
    fc.constant('x'.repeat(20_000)),
    fc.constant(new Uint8Array(100_000)),
  )
}

t.test('[S2] malformed and oversized messages on every channel end that session alone', async (t) => {
  const service = new MemoryService(operator)
  const recorder = openRecorderPlayer(service, folder)
  const { operatorKey } = operator
  const good = openExpertPlayer(service.connectExpert)
  const bystander = openCustomerPlayer({ connect: service.connectCustomer, operatorKey })
  good.session.newSession()
  await good.phase('waiting')
  bystander.act({ t: 'number', typed: good.number })
  await good.until(() => good.frames.length > 0)

  const samples = fc.sample(fc.tuple(fc.constantFrom(...Object.values(EXPERT_CHANNELS)), malformed()), {
    numRuns: 25,
    seed: 7,
  })
  for (const [channel, data] of samples) {
    const customer = openCustomerPlayer({ connect: service.connectCustomer, operatorKey })
    const line = await rogueExpert(service, (typed) => customer.act({ t: 'number', typed }))
    await customer.screen('sharing')
    const isTaken = line.send(channel.label, data)
    if (!isTaken) {
      t.equal(channel.policy, 'drop', 'only a channel that may drop does')
      customer.act({ t: 'end' })
    }
    await customer.screen('ended')
    const last = customer.screens.at(-1)
    if (isTaken)
      t.match(last, { t: 'ended', reason: 'protocol-error' }, `${channel.label} ${String(data).slice(0, 20)}`)
    customer.act({ t: 'quit' })
    await customer.finished
    line.close()
  }
  t.equal(bystander.screens.at(-1)?.t, 'sharing', 'the other session goes on')
  good.session.sendChat('still here')
  await bystander.until(() => bystander.chat.some(({ text }) => text === 'still here'))
  good.session.close()
  await bystander.screen('ended')
  bystander.act({ t: 'quit' })
  await bystander.finished
  recorder.close()
})
