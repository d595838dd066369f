import { readdirSync } from 'node:fs'
import t from 'tap'
import { beatMessage } from '../../peer/recording/recorder-messages.ts'
import { makeRecording } from '../fixtures/recording.ts'
import { LinkDouble, sessionScene } from './session-scene.ts'
import { TroubledDisk } from './troubled-disk.ts'

t.test('[R8] an opening is acknowledged with what is held, an entry once it is durable', async (t) => {
  const scene = await sessionScene(t)
  const link = scene.link()
  await link.ackOf(0)
  t.same(link.heard.all, [{ t: 'ack', epoch: 1, seq: 0, beat: 0 }])
  link.append(scene.chat())
  link.append(scene.chat())
  link.append(scene.chat())
  await link.ackOf(3)
  t.same(link.heard.all.length, 2, 'one ack for what one fsync made durable')
  t.match(await link.beat(), { t: 'ack', seq: 3, beat: 1 })
  scene.recording.setEpoch(7)
  t.match(await link.beat(), { t: 'ack', epoch: 7, seq: 3, beat: 2 })
})

t.test('[R1] a beat is answered at once while a slow fsync runs, without the entry that waits', async (t) => {
  const disk = new TroubledDisk()
  const scene = await sessionScene(t, { disk })
  const link = scene.link()
  await link.ackOf(0)
  disk.isHolding = true
  link.append(scene.chat())
  await disk.syncsWaiting(1)
  t.match(await link.beat(), { t: 'ack', seq: 0, beat: 1 })
  disk.isHolding = false
  disk.letGo()
  await link.ackOf(1)
  t.match(link.heard.all.at(-1), { t: 'ack', seq: 1, beat: 1 })
})

t.test('[S4] a new link takes the recording up; the one before no longer counts', async (t) => {
  const scene = await sessionScene(t)
  const first = scene.link()
  const [one, two] = [scene.chat('one'), scene.chat('two')]
  first.append(one)
  await first.ackOf(1)
  const second = scene.link()
  t.ok(first.isClosed)
  await second.ackOf(1)
  for (const entry of [one, two]) second.append(entry)
  await second.ackOf(2)
  const heard = first.heard.all.length
  first.send(beatMessage(9))
  first.append(scene.chat('three'))
  t.equal(first.heard.all.length, heard)
  t.match(scene.notes.all.filter(({ event }) => event === 'late-frame').length, 1, 'noted, once')
  first.lose()
  scene.clock.pass(24 * 60 * 60_000)
  t.match(await second.beat(), { t: 'ack', seq: 2 }, 'the loss of an old link is none')
})

t.test('[R8] an orderly end: acknowledged, in the index, told, in this order', async (t) => {
  const scene = await sessionScene(t)
  const link = scene.link()
  link.append(scene.chat())
  link.append(scene.writer.close())
  const ending = await scene.ended.first(() => true)
  t.match(ending, { closed: 'closed', entries: 3, head: scene.writer.head, retentionDays: 90 })
  t.match(link.heard.all.at(-1), { t: 'ack', seq: 2 })
  t.same(
    scene.index.all.map(([what, facts]) => [what, facts.entries]),
    [
      ['opened', 1],
      ['progressed', 3],
      ['closed', 3],
    ],
  )
  t.notOk('reason' in ending!)
})

t.test('[R8] an agent whose last ack was lost learns that its recording is closed', async (t) => {
  const made = await makeRecording()
  const scene = await sessionScene(t, { made })
  const link = scene.link()
  link.append(scene.chat())
  link.append(scene.writer.close())
  await scene.ended.first(() => true)
  const { directory } = scene
  const again = await sessionScene(t, { made, directory })
  const second = again.link()
  await second.ackOf(2)
  t.match(await again.ended.first(() => true), { closed: 'closed', entries: 3 })
})

t.test('an agent that does not come back has its recording abandoned after the grace', async (t) => {
  const scene = await sessionScene(t)
  const link = scene.link()
  link.append(scene.chat())
  await link.ackOf(1)
  link.lose()
  scene.clock.pass(5 * 60_000 - 1)
  const back = scene.link()
  await back.ackOf(1)
  scene.clock.pass(60 * 60_000)
  t.same(scene.ended.all, [], 'it came back in time')
  back.lose()
  scene.clock.pass(5 * 60_000)
  t.match(await scene.ended.first(() => true), { closed: 'abandoned', reason: 'line-lost', entries: 3 })
  const late = scene.link()
  late.append(scene.chat())
  t.same(late.heard.all, [], 'nothing is taken after the end')
})

t.test('[S4] a link that was silent and speaks again goes on where it was', async (t) => {
  const scene = await sessionScene(t)
  const link = scene.link()
  link.append(scene.chat())
  await link.ackOf(1)
  link.lose()
  scene.clock.pass(60_000)
  t.match(await link.beat(), { t: 'ack', seq: 1 })
  scene.clock.pass(60 * 60_000)
  link.send(scene.writer.openMessage)
  link.append(scene.chat())
  await link.ackOf(2)
  t.same(scene.ended.all, [])
})

t.test('a recording that a killed process left is abandoned by the next one, or taken up', async (t) => {
  const made = await makeRecording()
  const first = await sessionScene(t, { made })
  const link = first.link()
  link.append(first.chat())
  await link.ackOf(1)
  first.recording.stop()
  await first.vault.close()
  const second = await sessionScene(t, { made, directory: first.directory })
  await second.recording.abandon('service-stopped')
  t.match(second.ended.all, [{ closed: 'abandoned', reason: 'service-stopped', entries: 3 }])
  const third = await sessionScene(t, { made, directory: first.directory })
  const refused = third.link()
  await refused.heard.first(({ t }) => t === 'trouble')
  t.match(refused.heard.all, [{ t: 'trouble', reason: 'refused' }], 'abandoned stays abandoned')
  t.ok(refused.isClosed)
})

t.test('abandoning what was never opened ends with nothing', async (t) => {
  const scene = await sessionScene(t)
  await scene.recording.abandon('declined')
  t.same(scene.ended.all, [null])
  t.same(scene.index.all, [])
})

t.test('[R1] told to abandon while the agent is there, the agent hears that it is over', async (t) => {
  const scene = await sessionScene(t)
  const link = scene.link()
  await link.ackOf(0)
  link.append(scene.chat())
  await scene.recording.abandon('expert-ended')
  t.ok(link.isClosed)
  t.match(scene.ended.all, [{ closed: 'abandoned', entries: 3 }], 'what came in last is in it')
})

t.test('[R6] nothing is acknowledged before the index knows the recording', async (t) => {
  const scene = await sessionScene(t)
  scene.indexFailure = new Error('database is gone')
  const link = scene.link()
  t.match(await link.heard.first(() => true), { t: 'trouble', reason: 'disk-failed' })
  t.match(await link.beat(), { t: 'trouble', reason: 'disk-failed' })
  scene.indexFailure = undefined
  t.match(await link.beat(), { t: 'ack', seq: 0 })
  link.append(scene.writer.close())
  scene.indexFailure = new Error('gone again')
  await scene.notes.first(({ event }) => event === 'end-delayed')
  await link.ackOf(1)
  t.same(scene.ended.all, [], 'not ended before the index knows')
  scene.indexFailure = undefined
  scene.clock.pass(5_000)
  await scene.ended.first(() => true)
  t.match(scene.ended.all, [{ closed: 'closed' }])
})

t.test('[S2] a word out of place ends the link, not the recording', async (t) => {
  const scene = await sessionScene(t)
  const misplaced: ((link: LinkDouble) => void)[] = [
    (link) => link.send(beatMessage(1)),
    (link) => link.append({ seq: 1, bytes: new Uint8Array(10) }),
    (link) => link.send('{"t":"beat","beat":1}'),
    (link) => link.send(new Uint8Array([0, 0, 0, 1, 1])),
  ]
  for (const word of misplaced) {
    const link = new LinkDouble(scene.recording)
    word(link)
    t.match(link.heard.all, [{ t: 'trouble', reason: 'refused' }])
    t.ok(link.isClosed)
  }
  const good = scene.link()
  await good.ackOf(0)
  const [, two] = [scene.chat(), scene.chat()]
  good.append(two)
  await good.heard.first(({ t }) => t === 'trouble')
  t.match(good.heard.all.at(-1), { t: 'trouble', reason: 'chain-broken' })
  t.ok(good.isClosed)
  const again = scene.link()
  await again.ackOf(0)
  for (const entry of scene.writer.unacknowledgedFrom(1)) again.append(entry)
  await again.ackOf(2)
  t.same(readdirSync(scene.directory).length, 2, 'one recording and its wraps')
})
