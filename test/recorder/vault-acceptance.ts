import type { Test } from 'tap'
import type { RecordingWriter } from '../../peer/recording/writer.ts'
import type { EntryRange } from '../../recorder/entry-chunks.ts'
import type { Vault } from '../../recorder/vault.ts'
import { makeRecording, openingOf, SESSION, STARTED_AT_MS, seededBytes } from '../fixtures/recording.ts'

const DAY_MS = 24 * 60 * 60_000
const refused = { name: 'VaultFailure', reason: 'refused' }
const chainBroken = { name: 'VaultFailure', reason: 'chain-broken' }
const chat = (writer: RecordingWriter, text: string) =>
  writer.append('chat', { t: 'chat', from: 'expert', text })
const openIn = (vault: Vault, writer: RecordingWriter) => {
  const { header, wraps } = openingOf(writer)
  return vault.open(SESSION, header, wraps)
}

async function readAll(vault: Vault, range: EntryRange): Promise<{ from: number; entries: Uint8Array[] }[]> {
  const chunks: { from: number; entries: Uint8Array[] }[] = []
  for await (const { from, entries } of vault.read(SESSION, range))
    chunks.push({ from, entries: [...entries] })
  return chunks
}

/**
 * What every vault has to do, whatever it stores its recordings in.
 * @param make for an empty store: makes vaults on it, each as another process would; the test ends them
 */
export function acceptVault(t: Test, make: (t: Test) => () => Vault): void {
  t.test('[R8] a recording is taken up where it was, by another process', async (t) => {
    const next = make(t)
    const { writer } = await makeRecording()
    const first = next()
    t.equal(await first.resume(SESSION), undefined)
    const recording = await openIn(first, writer)
    t.equal(recording.durableSeq, 0, 'the header is durable before anything is said')
    const [one, two] = [chat(writer, 'one'), chat(writer, 'two')]
    t.equal(await recording.append(1, one.bytes), 1)
    const { bytes } = recording
    await first.close()
    const again = await openIn(next(), writer)
    t.equal(again.durableSeq, 1)
    t.equal(again.bytes, bytes)
    t.equal(await again.append(2, two.bytes), 2)
    t.equal(await again.append(3, writer.close().bytes), 3)
    t.match(again.chain, { closed: 'closed', entries: 4, head: writer.head })
  })

  t.test('[R5] what does not continue the chain is refused, what is held already is welcome', async (t) => {
    const { writer } = await makeRecording()
    const recording = await openIn(make(t)(), writer)
    const [one, two, three] = [chat(writer, 'one'), chat(writer, 'two'), chat(writer, 'three')]
    await t.rejects(recording.append(2, two.bytes), chainBroken, 'a gap')
    await t.rejects(recording.append(1, two.bytes), chainBroken, 'another number than it says')
    t.equal(await recording.append(1, one.bytes), 1)
    t.equal(await recording.append(1, one.bytes), 1, 'again')
    t.equal(await recording.append(0, openingOf(writer).header), 1, 'the header again')
    const other = one.bytes.slice()
    other[other.length - 1]! ^= 1
    await t.rejects(recording.append(1, other), chainBroken, 'other bytes under a number that is held')
    const broken = three.bytes.slice()
    await t.rejects(recording.append(3, broken), chainBroken)
    const both = [recording.append(2, two.bytes), recording.append(2, two.bytes)]
    t.same(await Promise.all(both), [2, 2], 'twice before the disk has answered')
    await t.rejects(recording.append(3, new Uint8Array(50)), chainBroken, 'no entry')
    t.equal(await recording.append(3, three.bytes), 3, 'a refusal costs nothing')
  })

  t.test('[R5] only the recorder abandons, and after an end nothing follows', async (t) => {
    const { writer } = await makeRecording()
    const vault = make(t)()
    const recording = await openIn(vault, writer)
    const late = chat(writer, 'late')
    await recording.abandon('agent-crashed', 5)
    t.match(recording.chain, { closed: 'abandoned', entries: 2 })
    await t.rejects(recording.append(2, late.bytes), chainBroken)
    await t.rejects(recording.abandon('line-lost', 6), chainBroken)
    const [chunk] = await readAll(vault, { from: 1, to: 2 })
    const { writer: other } = await makeRecording()
    const fresh = await openIn(make(t)(), other)
    await t.rejects(fresh.append(1, chunk!.entries[0]!), chainBroken)
  })

  t.test('[S2] an opening that does not fit together is refused', async (t) => {
    const next = make(t)
    const vault = next()
    const { writer } = await makeRecording()
    const { writer: other } = await makeRecording()
    const { header, wraps } = openingOf(writer)
    await t.rejects(vault.open('B'.repeat(22), header, wraps), refused, 'another session')
    await t.rejects(vault.open(SESSION, header, openingOf(other).wraps), refused, 'other wraps')
    await t.rejects(vault.open(SESSION, wraps, wraps), refused, 'no header')
    await t.rejects(vault.open('../../../../etc/passwd', header, wraps), refused)
    await vault.open(SESSION, header, wraps)
    await t.rejects(openIn(vault, other), refused, 'another recording of this session')
    await t.rejects(openIn(next(), other), refused, 'also from the disk')
  })

  t.test('two openings of one session at once get one file', async (t) => {
    const { writer } = await makeRecording()
    const vault = make(t)()
    const [one, other] = await Promise.all([openIn(vault, writer), openIn(vault, writer)])
    t.equal(one, other)
  })

  t.test('[R6] the days of a recording count from the time of its vault, and its wraps say so', async (t) => {
    const next = make(t)
    const { writer } = await makeRecording()
    const vault = next()
    const recording = await openIn(vault, writer)
    const startedAtMs = vault.dueFromNow({ retentionDays: 0 })
    t.not(startedAtMs, STARTED_AT_MS, 'the agent has another clock')
    const { dueAtMs } = recording
    t.ok(Math.abs(dueAtMs - startedAtMs - 90 * DAY_MS) < 60_000)
    await vault.close()
    const other = next()
    t.equal((await other.resume(SESSION))!.dueAtMs, dueAtMs)
    t.same(await other.wraps.term(SESSION), { dueAtMs, heldUntilMs: null })
    t.same(await other.wraps.open(SESSION), openingOf(writer).wraps, 'as the agent gave them')
  })

  t.test(
    '[R7] parts of a recording are read as they were sealed, in chunks, while it runs too',
    async (t) => {
      const next = make(t)
      const { writer } = await makeRecording()
      const vault = next()
      const recording = await openIn(vault, writer)
      const { header } = openingOf(writer)
      const sizes = [3_000, 100, 5_000, 9_000, 50, 50, 2_000, 20]
      const sealed = [header]
      for (const [n, size] of sizes.entries()) {
        const { seq, bytes } = chat(writer, Buffer.from(seededBytes(`${n}`, size)).toString('hex'))
        await recording.append(seq, bytes)
        sealed.push(bytes)
      }
      const pending = chat(writer, 'not durable yet')
      const appended = recording.append(pending.seq, pending.bytes)
      const running = await readAll(vault, { from: 0, to: 100 })
      t.same(
        running.flatMap(({ entries }) => entries).slice(0, 9),
        sealed.map((bytes) => Buffer.from(bytes)),
      )
      await appended
      sealed.push(pending.bytes)
      await vault.close()
      const other = next()
      for (let from = 0; from <= 10; from++) {
        for (const to of [from, from + 1, from + 3, 10]) {
          const chunks = await readAll(other, { from, to, chunkBytes: 10_000 })
          const entries = chunks.flatMap((chunk) => chunk.entries)
          t.same(
            entries,
            sealed.slice(from, to).map((bytes) => Buffer.from(bytes)),
            `[${from}, ${to})`,
          )
          let seq = from
          for (const chunk of chunks) {
            const bytes = chunk.entries.reduce((sum, { length }) => sum + length, 0)
            t.ok(chunk.from === seq && (bytes <= 10_000 || chunk.entries.length === 1))
            seq += chunk.entries.length
          }
        }
      }
      t.same(await readAll(other, { from: 10, to: 99 }), [])
      await t.rejects(
        (async () => {
          for await (const _ of other.read('n'.repeat(22), { from: 0, to: 1 })) t.fail('read something')
        })(),
        refused,
      )
    },
  )

  t.test('[R6] a recording that is removed is gone, and can be measured before', async (t) => {
    const next = make(t)
    const { writer } = await makeRecording()
    const vault = next()
    const recording = await openIn(vault, writer)
    await recording.append(1, writer.close().bytes)
    const { bytes } = recording
    await vault.release(SESSION)
    const measured = {
      entries: 2,
      bytes,
      head: writer.head,
      closed: 'closed',
      header: { sessionId: SESSION },
    }
    t.match(await vault.measure(SESSION), measured)
    const listed: string[] = []
    for await (const sessionId of vault.sessions()) listed.push(sessionId)
    t.same(listed, [SESSION])
    await vault.remove(SESSION)
    await vault.remove(SESSION)
    t.equal(await vault.measure(SESSION), undefined)
    t.equal(await next().resume(SESSION), undefined)
    await t.rejects(vault.wraps.open(SESSION), /are gone/)
    for await (const sessionId of vault.sessions()) t.fail(sessionId)
  })
}
