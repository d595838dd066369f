import { appendFileSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import type { RecordingWriter } from '../../peer/recording/writer.ts'
import { keyFileName, slotOf } from '../../recorder/expiry-slot.ts'
import { recordingPaths } from '../../recorder/recording-paths.ts'
import type { Vault } from '../../recorder/vault.ts'
import {
  makeRecording,
  openingOf,
  SESSION,
  STARTED_AT_MS,
  seededBytes,
  seededNumbers,
} from '../fixtures/recording.ts'
import { TroubledDisk } from './troubled-disk.ts'
import { acceptVault } from './vault-acceptance.ts'
import { vaultAt } from './vault-at.ts'

const DAY_MS = 24 * 60 * 60_000
const directoryOf = (t: Test) => join(t.testdir(), 'vault')
const vaultIn = (t: Test, directory: string) => {
  const vault = vaultAt(directory, { floorBytes: 0, reserveBytes: 0 })
  t.teardown(() => vault.close())
  return vault
}
const failure = (reason: string) => ({ name: 'VaultFailure', reason })
const chat = (writer: RecordingWriter, text: string) =>
  writer.append('chat', { t: 'chat', from: 'expert', text })
const openIn = (vault: Vault, writer: RecordingWriter) => {
  const { header, wraps } = openingOf(writer)
  return vault.open(SESSION, header, wraps)
}

acceptVault(t, (t) => {
  const directory = directoryOf(t)
  return () => vaultIn(t, directory)
})

t.test('[R8] files and their names are durable before the header counts', async (t) => {
  const disk = new TroubledDisk()
  const { writer } = await makeRecording()
  const vault = vaultAt(directoryOf(t), { disk, now: () => STARTED_AT_MS })
  t.teardown(() => vault.close())
  await openIn(vault, writer)
  const done = disk.calls.filter((call) => /^synced|^sync directory/.test(call))
  const keyName = keyFileName({ t: 'slot', slotMs: slotOf(STARTED_AT_MS + 90 * DAY_MS) })
  t.same(done, [
    `synced ${keyName}.new`,
    'sync directory',
    'sync directory',
    `synced ${SESSION}.wraps.new`,
    'sync directory',
    `synced ${SESSION}.rec`,
    'sync directory',
  ])
})

t.test('[R8] torn tails of every kind are cut off, and nothing else', async (t) => {
  const { writer } = await makeRecording()
  const opening = openingOf(writer)
  const entries = [1, 2, 3].map((n) => chat(writer, `line ${n} `.repeat(n * 30)))
  const directory = directoryOf(t)
  const path = recordingPaths(directory, SESSION).entries
  const vault = vaultIn(t, directory)
  const recording = await openIn(vault, writer)
  for (const { seq, bytes } of entries.slice(0, 2)) await recording.append(seq, bytes)
  const whole = readFileSync(path)
  await recording.append(3, entries[2]!.bytes)
  await vault.close()
  const longer = readFileSync(path)
  const number = seededNumbers(8)
  const flipped = Buffer.from(longer)
  flipped[longer.length - 1]! ^= 1
  const tails = [
    ...Array.from({ length: 40 }, () =>
      longer.subarray(0, whole.length + number(longer.length - whole.length)),
    ),
    flipped,
    Buffer.concat([whole, Buffer.alloc(4096)]),
    Buffer.concat([whole, seededBytes('garbage', 5000)]),
    Buffer.concat([whole, Buffer.from([0, 0, 0])]),
    Buffer.concat([whole, Buffer.from([255, 255, 255, 255, 1, 2, 3, 4, 5])]),
  ]
  for (const tail of tails) {
    writeFileSync(path, tail)
    const vaultNow = vaultIn(t, directory)
    const taken = await vaultNow.open(SESSION, opening.header, opening.wraps)
    if (taken.durableSeq !== 2 || !readFileSync(path).equals(whole)) t.fail(`tail of ${tail.length} bytes`)
    await taken.append(3, entries[2]!.bytes)
    if (!readFileSync(path).equals(longer)) t.fail('does not go on as it should')
    await vaultNow.close()
  }
  t.pass(`${tails.length} tails`)
})

t.test(
  '[R8] damage with intact entries behind it is never cut: they may have been acknowledged',
  async (t) => {
    const { writer } = await makeRecording()
    const directory = directoryOf(t)
    const path = recordingPaths(directory, SESSION).entries
    const vault = vaultIn(t, directory)
    const recording = await openIn(vault, writer)
    for (let n = 0; n < 20; n++) {
      const { seq, bytes } = chat(writer, 'x'.repeat(200))
      await recording.append(seq, bytes)
    }
    await vault.close()
    const whole = readFileSync(path)
    const lastFrame = whole.lastIndexOf('{"t":"record"') - 12
    const number = seededNumbers(9)
    for (let run = 0; run < 60; run++) {
      const damaged = Buffer.from(whole)
      damaged[number(lastFrame)]! ^= 1 << number(8)
      writeFileSync(path, damaged)
      await vaultIn(t, directory)
        .resume(SESSION)
        .then(
          () => t.fail('was taken up'),
          (error) => error.reason === 'chain-broken' || t.fail(error.message),
        )
      if (!readFileSync(path).equals(damaged)) t.fail('the file was changed')
    }
    t.pass('60 places')
  },
)

t.test('[R8] a crash while the recording was made leaves nothing that stands in its way', async (t) => {
  const { writer } = await makeRecording()
  const directory = directoryOf(t)
  const paths = recordingPaths(directory, SESSION)
  const vault = vaultIn(t, directory)
  await openIn(vault, writer)
  await vault.close()
  const { wraps } = openingOf(writer)
  truncateSync(paths.entries, 20)
  t.equal((await openIn(vaultIn(t, directory), writer)).durableSeq, 0, 'half a header')
  rmSync(paths.wraps)
  t.equal((await openIn(vaultIn(t, directory), writer)).durableSeq, 0, 'no wraps')
  t.same(await vault.wraps.open(SESSION), wraps)
  truncateSync(paths.entries, 0)
  appendFileSync(paths.wraps, 'x')
  t.equal((await openIn(vaultIn(t, directory), writer)).durableSeq, 0, 'an empty file')
  t.same(await vault.wraps.open(SESSION), wraps)
})

t.test('[R8] below the free-space floor no recording starts; one that runs goes on', async (t) => {
  const disk = new TroubledDisk()
  const directory = directoryOf(t)
  const { writer } = await makeRecording()
  const vault = vaultAt(directory, { disk, floorBytes: 64 * 1024 * 1024 })
  t.teardown(() => vault.close())
  disk.free = 64 * 1024 * 1024 - 1
  await t.rejects(openIn(vault, writer), failure('disk-full'))
  disk.free++
  const recording = await openIn(vault, writer)
  disk.free = 1
  const { seq, bytes } = chat(writer, 'still running')
  t.equal(await recording.append(seq, bytes), 1)
  t.equal((await openIn(vault, writer)).durableSeq, 1, 'taking it up again needs no floor')
})

t.test('[S2] what is no session id names no file', async (t) => {
  t.throws(() => recordingPaths(directoryOf(t), '../../../../etc/passwd'), TypeError)
})

t.test('[R7] reading stops at damage, and says so', async (t) => {
  const directory = directoryOf(t)
  const { writer } = await makeRecording()
  const vault = vaultIn(t, directory)
  const recording = await openIn(vault, writer)
  for (let n = 1; n < 6; n++) await recording.append(n, chat(writer, 'x'.repeat(200)).bytes)
  await vault.close()
  const path = recordingPaths(directory, SESSION).entries
  const damaged = readFileSync(path)
  damaged[damaged.length - 20]! ^= 1
  writeFileSync(path, damaged)
  let entries = 0
  const reading = async () => {
    for await (const chunk of vaultIn(t, directory).read(SESSION, { from: 0, to: 99, chunkBytes: 1 }))
      entries += chunk.entries.length
  }
  await t.rejects(reading(), failure('chain-broken'))
  t.equal(entries, 5)
})
