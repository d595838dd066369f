import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import type { RecordingWriter } from '../../peer/recording/writer.ts'
import type { RecordingFile } from '../../recorder/recording-file.ts'
import { recordingPaths } from '../../recorder/recording-paths.ts'
import { makeRecording, openingOf } from '../fixtures/recording.ts'
import { TroubledDisk } from './troubled-disk.ts'
import { vaultAt } from './vault-at.ts'

/** A vault on a disk that can be troubled, with some recordings in it. */
async function troubled(t: Test, sessions = 1) {
  const directory = join(t.testdir(), 'vault')
  const disk = new TroubledDisk()
  const vault = vaultAt(directory, { disk, floorBytes: 0, reserveBytes: 1000 })
  t.teardown(() => vault.close())
  const made: { writer: RecordingWriter; recording: RecordingFile; name: string; path: string }[] = []
  for (let n = 0; n < sessions; n++) {
    const sessionId = `${n}`.padStart(22, '0')
    const { writer } = await makeRecording({ sessionId })
    const { header, wraps } = openingOf(writer)
    const recording = await vault.open(sessionId, header, wraps)
    made.push({
      writer,
      recording,
      name: `${sessionId}.rec`,
      path: recordingPaths(directory, sessionId).entries,
    })
  }
  disk.calls.length = 0
  return { disk, vault, made }
}
const line = (writer: RecordingWriter, text = 'a line') =>
  writer.append('chat', { t: 'chat', from: 'customer', text })
const full = { name: 'VaultFailure', reason: 'disk-full' }
const broken = { name: 'VaultFailure', reason: 'disk-failed' }

t.test('[R8] appends of all sessions gather while an fsync runs; then one fsync a file', async (t) => {
  const { disk, made } = await troubled(t, 3)
  const done: string[] = []
  const append = (n: number) => {
    const { writer, recording } = made[n]!
    const { seq, bytes } = line(writer)
    return recording.append(seq, bytes).then((durableSeq) => done.push(`${n}:${seq}<=${durableSeq}`))
  }
  disk.isHolding = true
  const all = [append(0)]
  await disk.syncsWaiting(1)
  for (const n of [1, 0, 2, 0, 1, 0]) all.push(append(n))
  disk.letGo()
  await disk.syncsWaiting(3)
  t.same(done, ['0:1<=1'], 'the first is durable, what came meanwhile is not yet')
  disk.isHolding = false
  disk.letGo()
  await Promise.all(all)
  const syncs = disk.calls.filter((call) => call.startsWith('synced'))
  t.same(syncs.length, 4, 'seven appends, four fsyncs')
  t.same(
    done.slice(1).sort(),
    ['0:2<=4', '0:3<=4', '0:4<=4', '1:1<=2', '1:2<=2', '2:1<=1'],
    'each learns the highest number that its fsync made durable',
  )
  for (const { name } of made) {
    const ofFile = disk.calls.filter((call) => call.includes(name)).map((call) => call.split(' ')[0])
    t.match(ofFile.join(' '), /^(write sync synced ?)+$/, 'nothing is durable before its fsync')
  }
})

t.test('[R8] a slow disk keeps the order within each recording', async (t) => {
  const { disk, made } = await troubled(t, 2)
  const { writer, recording } = made[0]!
  disk.isHolding = true
  const order: number[] = []
  const all = Array.from({ length: 30 }, (_, n) => {
    const { seq, bytes } = line(writer, `${n}`)
    return recording.append(seq, bytes).then(() => order.push(seq))
  })
  await disk.syncsWaiting(1)
  disk.isHolding = false
  disk.letGo()
  await Promise.all(all)
  t.same(
    order,
    Array.from({ length: 30 }, (_, n) => n + 1),
  )
})

t.test('[R8] a write that failed half-way is told, cut off, and taken later', async (t) => {
  const { disk, made } = await troubled(t)
  const { writer, recording, path, name } = made[0]!
  const [one, two, three] = [line(writer), line(writer), line(writer)]
  await recording.append(1, one.bytes)
  const durable = readFileSync(path)
  disk.failingWrites = { code: 'ENOSPC', afterBytes: 100 }
  const failing = [recording.append(2, two.bytes), recording.append(3, three.bytes)]
  for (const each of failing) await t.rejects(each, full)
  t.equal(recording.durableSeq, 1)
  t.equal(statSync(path).size, durable.length + 100, 'the disk took a part')
  await t.rejects(recording.append(3, three.bytes), { name: 'VaultFailure', reason: 'chain-broken' })
  disk.failingWrites = undefined
  disk.calls.length = 0
  t.equal(await recording.append(2, two.bytes), 2)
  t.equal(disk.calls[0], `truncate ${name} to ${durable.length}`, 'the part goes before anything else')
  t.equal(await recording.append(3, three.bytes), 3)
})

t.test('[R8] after a failed fsync nothing of it counts, though a second fsync would succeed', async (t) => {
  const { disk, made } = await troubled(t)
  const { writer, recording, path, name } = made[0]!
  const { seq, bytes } = line(writer)
  const before = readFileSync(path)
  disk.failingSyncs = 'EIO'
  await t.rejects(recording.append(seq, bytes), broken)
  disk.failingSyncs = undefined
  disk.calls.length = 0
  t.equal(await recording.probe(), 0)
  t.same(disk.calls, [`truncate ${name} to ${before.length}`, `sync ${name}`, `synced ${name}`])
  t.ok(readFileSync(path).equals(before))
  t.equal(await recording.append(seq, bytes), 1, 'written anew')
})

t.test('[R8] what came in behind a failing write is lost with it and said so', async (t) => {
  const { disk, made } = await troubled(t, 2)
  const { writer, recording } = made[0]!
  const [one, two] = [line(writer), line(writer)]
  disk.isHolding = true
  const first = recording.append(1, one.bytes)
  await disk.syncsWaiting(1)
  const behind = recording.append(2, two.bytes)
  disk.isHolding = false
  disk.failingSyncs = 'EIO'
  const other = made[1]!
  const innocent = other.recording.append(1, line(other.writer).bytes)
  disk.letGo()
  await t.rejects(first, broken)
  await t.rejects(behind, broken)
  await t.rejects(innocent, broken, 'its own fsync failed too')
  disk.failingSyncs = undefined
  t.same(await Promise.all([recording.append(1, one.bytes), recording.append(2, two.bytes)]), [2, 2])
})

t.test('[R8] a probe says no while the disk is full or dead', async (t) => {
  const { disk, vault, made } = await troubled(t)
  const { writer, recording } = made[0]!
  disk.failingWrites = { code: 'ENOSPC', afterBytes: 0 }
  await t.rejects(recording.append(1, line(writer).bytes), full)
  disk.free = 999
  await t.rejects(vault.probe(recording), full)
  disk.free = 1001
  disk.failingSyncs = 'EIO'
  await t.rejects(vault.probe(recording), broken)
  disk.failingSyncs = undefined
  disk.failingTruncates = 'EROFS'
  await t.rejects(vault.probe(recording), broken)
  disk.failingTruncates = undefined
  await vault.probe(recording)
  t.pass()
})

t.test('[R8] a recording that could not be made leaves nothing behind', async (t) => {
  const { disk, vault } = await troubled(t, 0)
  const { writer } = await makeRecording()
  const { header, wraps } = openingOf(writer)
  const open = () => vault.open('AbCdEfGhIjKlMnOpQrStUv', header, wraps)
  disk.failingWrites = { code: 'EDQUOT', afterBytes: 10 }
  await t.rejects(open(), full)
  t.same(
    disk.calls.filter((call) => call.startsWith('remove')),
    ['rec', 'wraps', 'wraps.new'].map((part) => `remove AbCdEfGhIjKlMnOpQrStUv.${part}`),
  )
  disk.failingWrites = undefined
  disk.failingSyncs = 'EIO'
  await t.rejects(open(), broken)
  disk.failingSyncs = undefined
  t.equal((await open()).durableSeq, 0)
})
