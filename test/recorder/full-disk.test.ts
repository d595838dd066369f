import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { verifyChain } from '../../peer/recording/chain.ts'
import type { SealedEntry } from '../../peer/recording/unacknowledged.ts'
import { openForReading } from '../../recorder/disk.ts'
import { scanFrames } from '../../recorder/disk-frames.ts'
import { recordingPaths } from '../../recorder/recording-paths.ts'
import { SESSION, seededBytes } from '../fixtures/recording.ts'
import { type LinkDouble, type Scene, sessionScene } from './session-scene.ts'

const isRoot = process.getuid?.() === 0

/** A file system of its own of this size. Fails loudly where root may not mount. */
async function tinyDisk(t: Test, size: string): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'lotse-full-disk-'))
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', directory])
  t.teardown(() => {
    execFileSync('umount', ['--lazy', directory])
    rmSync(directory, { recursive: true, force: true })
  })
  return directory
}

async function storedEntries(directory: string): Promise<Buffer[]> {
  const file = (await openForReading(recordingPaths(directory, SESSION).entries))!
  const entries: Buffer[] = []
  for await (const scanned of scanFrames(file)) if (scanned.t === 'entry') entries.push(scanned.bytes)
  await file.close()
  return entries
}

function still(scene: Scene, n: number): SealedEntry {
  const payload = seededBytes(`still ${n}`, 60_000)
  const place = { x: 0, y: 0, width: 10, height: 10, bytes: payload.length }
  return scene.writer.append('tiles', { t: 'stills', stills: [place] }, payload)
}

/** Appends until the recorder says that its disk is full. */
async function fill(scene: Scene, link: LinkDouble): Promise<void> {
  for (let n = 0; n < 200; n++) {
    const { seq, bytes } = still(scene, n)
    link.append({ seq, bytes })
    const said = await link.heard.first((m) => m.t === 'trouble' || m.seq >= seq)
    if (said.t === 'trouble') return
  }
  throw new Error('the disk never got full')
}

t.test(
  '[R8] a full disk is told at once, costs nothing acknowledged, and is over by itself',
  { skip: isRoot ? false : 'only root may mount a small disk' },
  async (t) => {
    const disk = await tinyDisk(t, '2m')
    const ballast = join(disk, 'ballast')
    writeFileSync(ballast, Buffer.alloc(1024 * 1024))
    const directory = join(disk, 'vault')
    const scene = await sessionScene(t, { directory, reserveBytes: 256 * 1024 })
    const link = scene.link()
    await fill(scene, link)
    t.match(link.heard.all.at(-1), { t: 'trouble', reason: 'disk-full' })
    const acknowledged = Math.max(...link.heard.all.map((m) => (m.t === 'ack' ? m.seq : 0)))
    t.ok(acknowledged >= 5, `${acknowledged} entries went in`)
    const stored = await storedEntries(directory)
    t.match(verifyChain(stored), { ok: true }, 'everything acknowledged is readable')
    t.ok(stored.length > acknowledged)

    // The session goes on meanwhile: small records come in, beats are answered with the trouble.
    const late = [scene.chat('are you there?'), scene.chat('the picture stands still')]
    for (const entry of late) link.append(entry)
    for (let n = 0; n < 3; n++) t.match(await link.beat(), { t: 'trouble', reason: 'disk-full' })
    t.equal(scene.notes.all.filter(({ event }) => event === 'trouble').length, 1, 'logged once')

    rmSync(ballast)
    t.match(await link.beat(), { t: 'ack', seq: late[1]!.seq, beat: 4 }, 'nothing had to be sent again')
    link.append(scene.writer.close())
    await scene.ended.first(() => true)
    const whole = await storedEntries(directory)
    t.match(verifyChain(whole), { ok: true, closed: 'closed', head: scene.writer.head })
  },
)

t.test(
  '[R8] a recording that cannot begin for want of space begins by itself when there is some',
  { skip: isRoot ? false : 'only root may mount a small disk' },
  async (t) => {
    const disk = await tinyDisk(t, '1m')
    const directory = join(disk, 'vault')
    mkdirSync(directory)
    const ballast = join(disk, 'ballast')
    writeFileSync(ballast, Buffer.alloc(900 * 1024))
    const scene = await sessionScene(t, { directory, floorBytes: 512 * 1024, reserveBytes: 0 })
    const link = scene.link()
    await link.heard.first(({ t }) => t === 'trouble')
    t.match(await link.beat(), { t: 'trouble', reason: 'disk-full' })
    const first = scene.chat('before the header is durable')
    link.append(first)
    rmSync(ballast)
    t.match(await link.beat(), { t: 'ack' })
    await link.ackOf(first.seq)
    t.match(verifyChain(await storedEntries(directory)), { ok: true, entries: 2 })
  },
)

t.test(
  '[R8] a recording is abandoned in order once a full disk has room again',
  { skip: isRoot ? false : 'only root may mount a small disk' },
  async (t) => {
    const disk = await tinyDisk(t, '1m')
    const ballast = join(disk, 'ballast')
    writeFileSync(ballast, Buffer.alloc(500 * 1024))
    const directory = join(disk, 'vault')
    const scene = await sessionScene(t, { directory })
    const link = scene.link()
    await fill(scene, link)
    try {
      // The last blocks too, so that not even an end of 200 bytes finds room.
      for (let n = 0; ; n++) writeFileSync(join(disk, `crumb-${n}`), Buffer.alloc(4096))
    } catch {
      // Full to the last block.
    }
    link.lose()
    void scene.recording.abandon('agent-crashed')
    await scene.notes.first(({ event }) => event === 'end-delayed')
    t.same(scene.ended.all, [])
    rmSync(ballast)
    scene.clock.pass(5_000)
    t.match(await scene.ended.first(() => true), { closed: 'abandoned', reason: 'agent-crashed' })
    const stored = await storedEntries(directory)
    t.match(verifyChain(stored), { ok: true, closed: 'abandoned', entries: scene.writer.lastSeq + 2 })
  },
)
