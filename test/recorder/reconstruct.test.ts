import { execFile } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'
import t, { type Test } from 'tap'
import { localTime, plainText } from '../../recorder/event-lines.ts'
import { reconstruct } from '../../recorder/reconstruction.ts'
import { recordingPaths } from '../../recorder/recording-paths.ts'
import {
  type Colour,
  layoutOf,
  type MadeRecording,
  makeKey,
  makeRecording,
  openingOf,
  SESSION,
  STARTED_AT_MS,
  solidWebp,
} from '../fixtures/recording.ts'
import { vaultAt } from './vault-at.ts'

const RED: Colour = [226, 0, 116]
const BLUE: Colour = [0, 20, 255]
const NASTY = 'über\u001b[2J<script>alert(1)</script>\u202egpj.exe\n👩‍👩‍👧 ✓ \\n ⟨x⟩'

/** A small session in a vault on the disk: 40×30, then one rectangle, then a larger screen; chat and events between. */
async function session(t: Test, end: 'closed' | 'abandoned' | 'open') {
  const data = t.testdir()
  const vaultDirectory = join(data, 'recorder', 'vault')
  const made = await makeRecording()
  const { writer } = made
  const still = async (
    type: 'keyframe' | 'tiles',
    place: [number, number, number, number],
    colour: Colour,
    layout?: [number, number],
  ) => {
    const [x, y, width, height] = place
    const image = await solidWebp(width, height, colour)
    const stills = [{ x, y, width, height, bytes: image.length }]
    writer.append(type, { t: 'stills', stills, ...(layout ? { layout: layoutOf(...layout) } : {}) }, image)
    made.pass(1_000)
  }
  writer.append('join', { t: 'join', who: 'expert', name: 'Jörg Müller (Team Nord)' })
  writer.append('consent', { t: 'consent', event: 'asked', subject: 'view' })
  made.pass(4_321)
  writer.append('consent', { t: 'consent', event: 'granted', subject: 'view' })
  writer.append('level', { t: 'level', level: 'view' })
  await still('keyframe', [0, 0, 40, 30], RED, [40, 30])
  writer.append('chat', { t: 'chat', from: 'expert', text: NASTY })
  await still('tiles', [10, 5, 8, 4], BLUE)
  writer.append('picture', { t: 'picture', state: 'frozen', reason: 'recorder-silent' })
  await still('keyframe', [0, 0, 64, 32], BLUE, [64, 32])
  writer.append('end', { t: 'end', reason: 'customer-ended', by: 'customer' })
  if (end === 'closed') writer.close()
  const keysDirectory = join(data, 'recorder', 'expiry-keys')
  const vault = vaultAt(vaultDirectory, { keysDirectory })
  const { header, wraps } = openingOf(writer)
  const recording = await vault.open(SESSION, header, wraps)
  for (const { seq, bytes } of writer.unacknowledgedFrom(1)) await recording.append(seq, bytes)
  if (end === 'abandoned') await recording.abandon('agent-crashed', STARTED_AT_MS + 60_000)
  await vault.close()
  return { ...made, data, vaultDirectory, keysDirectory, out: join(data, 'out') }
}

interface Held extends MadeRecording {
  readonly vaultDirectory: string
  readonly keysDirectory: string
  readonly out: string
}
const open = ({ vaultDirectory, keysDirectory, out, a, b }: Held) =>
  reconstruct({
    vaultDirectory,
    keysDirectory,
    sessionId: SESSION,
    identities: [b.identity, a.identity],
    outDirectory: out,
  })

async function pixels(path: string) {
  const { data, info } = await sharp(path).removeAlpha().raw().toBuffer({ resolveWithObject: true })
  return {
    ...info,
    at: (x: number, y: number) => [...data.subarray((y * info.width + x) * 3, (y * info.width + x) * 3 + 3)],
  }
}

t.test('[R2] a recording gives back each screen bit for bit, the chat and the events', async (t) => {
  const made = await session(t, 'closed')
  const result = await open(made)
  t.match(result, { standing: 'whole', stills: 3, unreadable: 0 })
  t.match(result.sentences[0], `The chain is whole: 12 entries`)
  t.match(result.sentences[0], made.writer.head)
  const files = readdirSync(made.out)
  t.same(files, [
    'events.txt',
    'still-0001-20260301T101504.321Z.png',
    'still-0002-20260301T101505.321Z.png',
    'still-0003-20260301T101506.321Z.png',
  ])
  const [first, second, third] = await Promise.all(files.slice(1).map((name) => pixels(join(made.out, name))))
  t.same([first!.width, first!.height, first!.at(0, 0), first!.at(12, 6)], [40, 30, [...RED], [...RED]])
  t.same(
    [second!.at(9, 5), second!.at(10, 5), second!.at(17, 8), second!.at(18, 8)],
    [[...RED], [...BLUE], [...BLUE], [...RED]],
  )
  t.same([third!.width, third!.height, third!.at(63, 31)], [64, 32, [...BLUE]])

  const events = readFileSync(join(made.out, 'events.txt'), 'utf8')
  const words = events
    .split('\n')
    .map((line) => line.split('Z)  ')[1])
    .filter((word) => word !== undefined)
  t.match(words.shift(), /^recording begins; agent lotse-agent test; kept for 90 days, until 2026-05-30/)
  t.same(words, [
    'joined: expert, Jörg Müller (Team Nord)',
    'consent to view: asked',
    'consent to view: granted',
    'level: view',
    'chat, expert: über⟨U+001B⟩[2J<script>alert(1)</script>⟨U+202E⟩gpj.exe⟨U+000A⟩👩‍👩‍👧 ✓ \\n ⟨U+27E8⟩x⟩',
    'picture: frozen (recorder-silent)',
    'end: customer-ended, by the customer',
    'recording closed by the agent',
  ])
  t.match(events, `${localTime(STARTED_AT_MS)}  (2026-03-01T10:15:00.000Z)  joined: expert`)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
  t.notMatch(events, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/)
})

t.test('[R5] an abandoned or unfinished recording is read, and called what it is', async (t) => {
  const abandoned = await open(await session(t, 'abandoned'))
  t.match(abandoned, { standing: 'abandoned', stills: 3, unreadable: 0 })
  t.match(abandoned.sentences[0], /no fault in 12 entries, but it was ABANDONED/)
  const unfinished = await open(await session(t, 'open'))
  t.match(unfinished, { standing: 'open', stills: 3 })
  t.match(unfinished.sentences[0], /NO END: the session is still running, or the end was cut off/)
})

t.test('[R5] a changed recording is read as far as it proves itself, and the place is named', async (t) => {
  const made = await session(t, 'closed')
  const { entries: path } = recordingPaths(made.vaultDirectory, SESSION)
  const bytes = readFileSync(path)
  const chat = bytes.indexOf('"type":"chat"')
  bytes[chat + 150]! ^= 1
  writeFileSync(path, bytes)
  const result = await open(made)
  t.match(result, { standing: 'broken', stills: 3, unreadable: 1 })
  t.match(result.sentences[0], /BROKEN: entry 6 is not readable as an entry/)
  t.match(result.sentences[2], /1 parts could not be read/)
  const events = readFileSync(join(made.out, 'events.txt'), 'utf8')
  t.match(events, /--- not readable: bytes \d+ to \d+ of the file are damaged ---/)
  t.match(events, /still-0002-.* may show old parts/)
  t.match(events, /picture: frozen/, 'it goes on behind the damage')
})

t.test('[R4] wrong or missing keys: one sentence, and nothing is written', async (t) => {
  const made = await session(t, 'closed')
  const { vaultDirectory, keysDirectory, out, a, b } = made
  const stranger = await makeKey('stranger')
  const attempt = (...identities: string[]) =>
    reconstruct({ vaultDirectory, keysDirectory, sessionId: SESSION, identities, outDirectory: out })
  await t.rejects(attempt(a.identity), /None of the given keys is a key of group B/)
  await t.rejects(attempt(b.identity, stranger.identity), /None of the given keys is a key of group A/)
  await t.rejects(attempt(stranger.identity), /a key of group A or group B/)
  t.throws(() => readdirSync(out))
  const other = await makeRecording()
  const { wraps } = vaultAt(vaultDirectory, { keysDirectory })
  await wraps.put(SESSION, openingOf(other.writer).wraps, (await wraps.term(SESSION))!)
  await t.rejects(attempt(a.identity, b.identity), /not those its header names/)
})

t.test('[R6] without its expiry key a recording opens for nobody, and that is said', async (t) => {
  const made = await session(t, 'closed')
  const elsewhere = { ...made, keysDirectory: join(made.data, 'backup-has-none') }
  await t.rejects(open(elsewhere), /expiry key of this recording is not there/)
  const path = recordingPaths(made.vaultDirectory, SESSION).wraps
  const stored = readFileSync(path)
  for (const at of [9, 16, 24, 30, 40, stored.length - 1]) {
    const changed = Buffer.from(stored)
    changed[at]! ^= 1
    writeFileSync(path, changed)
    await t.rejects(open(made), /expiry key|damaged/, `byte ${at}`)
  }
  writeFileSync(path, stored)
  t.match(await open(made), { standing: 'whole' })
})

t.test('what was written before is not mixed with another recording', async (t) => {
  const made = await session(t, 'closed')
  mkdirSync(made.out)
  writeFileSync(join(made.out, 'mine.txt'), 'mine')
  await t.rejects(open(made), /is not empty/)
})

t.test('text becomes plain without losing what a person typed', async (t) => {
  t.equal(plainText('Grüße, “ä” 100 % ☎ 日本 👍🏽 \\ C:\\Temp'), 'Grüße, “ä” 100 % ☎ 日本 👍🏽 \\ C:\\Temp')
  t.equal(
    plainText('a\tb\r\n\u0085\u2028\u200f\ud800'),
    'a⟨U+0009⟩b⟨U+000D⟩⟨U+000A⟩⟨U+0085⟩⟨U+2028⟩⟨U+200F⟩⟨U+D800⟩',
  )
})

t.test('the command line: exit codes and sentences', async (t) => {
  const made = await session(t, 'abandoned')
  const { data, a, b, out } = made
  writeFileSync(join(data, 'a.key'), `# service lead\n${a.identity}\n`)
  writeFileSync(join(data, 'b.key'), `${b.identity}\n`)
  const run = (...args: string[]) =>
    new Promise<{ code: number; said: string }>((resolve) => {
      const script = fileURLToPath(new URL('../../recorder/reconstruct.ts', import.meta.url))
      const command = ['--import=tsx', script, ...args]
      const env = { ...process.env, NODE_OPTIONS: '', LOTSE_DATA: data }
      execFile(process.execPath, command, { env }, (error, stdout, stderr) =>
        resolve({ code: error ? Number(error.code) : 0, said: stdout + stderr }),
      )
    })
  const [keyA, keyB] = [join(data, 'a.key'), join(data, 'b.key')]
  const [good, oneKey, noSession, noKeyFile, noExpiryKey] = await Promise.all([
    run(SESSION, '--key', keyA, '--key', keyB, '--out', out),
    run(SESSION, '--key', keyA, '--out', join(data, 'other')),
    run('-'.repeat(22), '--key', keyA, '--key', keyB, '--out', join(data, 'third'), '--data', data),
    run(SESSION, '--key', join(data, 'none.key'), '--out', join(data, 'fourth')),
    run(SESSION, '--key', keyA, '--key', keyB, '--out', join(data, 'fifth'), '--expiry-keys', data),
  ])
  t.match(good, { code: 3, said: /ABANDONED[\s\S]*3 pictures/ })
  t.match(oneKey, { code: 2, said: /^None of the given keys is a key of group B[^\n]*\n$/ })
  t.match(noSession, { code: 2, said: /^There is no recording of session -{22}/ })
  t.match(noExpiryKey, { code: 2, said: /^The expiry key of this recording is not there\./ })
  t.match(noKeyFile, { code: 2, said: /none\.key cannot be used/ })
  t.match(await run('--nonsense'), { code: 2, said: /Usage: npm run reconstruct/ })
})
