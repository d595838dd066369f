import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { closeSync, existsSync, openSync, readdirSync, readFileSync, readSync, statSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { waitForSamePixels } from '../../deploy/stage/same-pixels.ts'
import { openScene } from '../../deploy/stage/session.ts'
import { until } from '../../deploy/stage/until.ts'
import { readIdentityFile } from '../../peer/recording/identity-file.ts'
import { KeysMissing, openSessionKey } from '../../peer/recording/session-key.ts'
import { Vault } from '../../recorder/vault.ts'
import { showNoise } from '../fixtures/noise-window.ts'
import type { HeldKey } from '../fixtures/recording.ts'
import { giveKeys, openWith } from './key-pairs.ts'

const scene = await openScene()
t.teardown(() => scene.close())
const { x, expert, service, folder } = scene
const { dataFolder } = service
const SIDE = 64
const people = await giveKeys(dataFolder)

/** One row of the marker in every layout in which anything of ours holds pixels. */
function needles(noise: Buffer): Buffer[] {
  const pixels = Array.from({ length: SIDE }, (_, at) => noise.subarray(at * 4, at * 4 + 3))
  const row = (order: (pixel: Buffer) => number[]) => Buffer.from(pixels.slice(8, 40).flatMap(order))
  const [b, g, r] = [0, 1, 2] as const
  return [
    row((p) => [p[b]!, p[g]!, p[r]!]),
    row((p) => [p[r]!, p[g]!, p[b]!]),
    ...[0, 255].flatMap((x) => [row((p) => [p[b]!, p[g]!, p[r]!, x]), row((p) => [p[r]!, p[g]!, p[b]!, x])]),
  ]
}

/** Longest stretch of memory that is read at once. */
const STRETCH = 16 * 1024 * 1024
const PAGE = 4096

/**
 * Every page of a process's memory that has anything in it, as a core dump would hold it; `gcore` itself writes the
 * tens of gigabytes that V8 and libwebrtc only reserve, and takes minutes for it.
 */
function* memoryOf(pid: number): Generator<Buffer> {
  const memory = openSync(`/proc/${pid}/mem`, 'r')
  const pages = openSync(`/proc/${pid}/pagemap`, 'r')
  try {
    for (const line of readFileSync(`/proc/${pid}/maps`, 'utf8').trim().split('\n')) {
      const [, from, to, mode] = /^([0-9a-f]+)-([0-9a-f]+) (\S+)/.exec(line)!
      if (!mode!.startsWith('rw') || line.includes('[v')) continue
      for (let at = Number.parseInt(from!, 16); at < Number.parseInt(to!, 16); at += STRETCH) {
        const length = Math.min(STRETCH, Number.parseInt(to!, 16) - at)
        if (isPresent(pages, at, length)) yield read(memory, at, length)
      }
    }
  } finally {
    closeSync(memory)
    closeSync(pages)
  }
}

function isPresent(pages: number, at: number, length: number): boolean {
  const entries = Buffer.alloc((length / PAGE) * 8)
  readSync(pages, entries, 0, entries.length, (at / PAGE) * 8)
  // Bit 63: in memory; bit 62: swapped out.
  for (let entry = 7; entry < entries.length; entry += 8) if ((entries[entry]! & 0xc0) !== 0) return true
  return false
}

function read(memory: number, at: number, length: number): Buffer {
  const bytes = Buffer.alloc(length)
  try {
    readSync(memory, bytes, 0, length, at)
  } catch {
    // A stretch that the kernel does not show, or that was given back meanwhile.
  }
  return bytes
}

/** Which of `needles` stand anywhere in the process's memory. */
function foundIn(pid: number, needles: readonly (Buffer | string)[]): (Buffer | string)[] {
  const found = new Set<Buffer | string>()
  for (const stretch of memoryOf(pid)) {
    for (const needle of needles) if (stretch.includes(needle)) found.add(needle)
  }
  return [...found]
}

function filesIn(path: string): string[] {
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .map((name) => join(path, name))
    .filter((file) => statSync(file).isFile())
}

/** What a session shows that nothing else on this machine holds. */
interface Marked {
  readonly sessionId: string
  readonly marks: readonly Buffer[]
  readonly words: string
}

/** The one session that everything here is about, while it lasts. */
async function markedSession(): Promise<Marked & { number: string; end(): Promise<void>; agentPid: number }> {
  const customer = await scene.openCustomer()
  const number = await expert.newNumber()
  await customer.enterNumber(number)
  await customer.agree()
  await expert.waitForPicture()
  const marks = needles(await showNoise(x, SIDE))
  await waitForSamePixels(x, expert)
  const words = `geheim${randomBytes(9).toString('hex')}`
  await customer.say(words)
  await expert.page.locator('[data-test="chat-log"]', { hasText: words }).waitFor()
  const agentPid = Number(
    execFileSync('pgrep', ['-P', String(customer.agent.pid), '-f', 'agent-process']).toString(),
  )
  const held = readdirSync(join(dataFolder, 'recorder', 'vault')).filter((name) => name.endsWith('.rec'))
  return {
    sessionId: held[0]!.replace('.rec', ''),
    marks,
    words,
    number,
    agentPid,
    async end() {
      await customer.click('end')
      await customer.waitForScreen('ended')
    },
  }
}

const session = await markedSession()
const { marks, words, number, agentPid, sessionId } = session
const place = { dataFolder, sessionId, out: join(folder, 'opened') }
const [a1, a2] = people.a as [HeldKey, HeldKey]
const [b1, b2] = people.b as [HeldKey, HeldKey]
/** As the reconstruction writes pixels: red, green, blue. */
const rgb = marks[1]!

t.test('[R2] [R3] marker and chat are in the recording, for one key of each group', async (t) => {
  // Captured within 2 s, or the picture would have stopped [R1]; it is on the disk when it can be opened there.
  let opened = await openWith([a1, b1], place)
  await until(
    async () => {
      opened = await openWith([a1, b1], place)
      return opened.events.includes(words) && (await opened.hasPixels(rgb))
    },
    30_000,
    () => 'marker and chat did not come into the recording',
  )
  t.equal(opened.standing, 'open', 'the session still runs')
})

t.test(
  '[R3] [S5] what the customer shows and writes is nowhere in recorder and server; neither is what opens it or connects the ends',
  async (t) => {
    const wraps = await new Vault({
      directory: join(dataFolder, 'recorder', 'vault'),
      keysDirectory: join(dataFolder, 'recorder', 'expiry-keys'),
      now: Date.now,
    }).wraps.open(sessionId)
    const key = Buffer.from(await openSessionKey(wraps, [a1.identity, b2.identity]))
    const secrets = [...marks, words, key, key.toString('base64url'), key.toString('hex')]
    const known = foundIn(agentPid, secrets)
    t.ok(known.includes(words), 'the agent holds the chat: the search can find it')
    t.ok(
      marks.some((mark) => known.includes(mark)),
      'and the marker',
    )
    t.ok(known.includes(key), 'and the key of the session')
    t.same(foundIn(service.recorder().pid, secrets), [], 'nothing in the memory of the recorder')
    t.same(foundIn(service.signaling().pid, secrets), [], 'nothing in the memory of the server')
    const files = filesIn(dataFolder)
    for (const name of [
      `${sessionId}.rec`,
      'index.sqlite',
      'index.sqlite-wal',
      'lotse.sqlite',
      'lotse.sqlite-wal',
    ])
      t.ok(
        files.some((file) => file.endsWith(`/${name}`)),
        `${name} is looked at`,
      )
    const places: [string, Buffer][] = [
      ['log of the recorder', Buffer.from(service.recorder().output())],
      ['log of the server', Buffer.from(service.signaling().output())],
      ...files.map((file): [string, Buffer] => [file.slice(folder.length), readFileSync(file)]),
    ]
    for (const [where, bytes] of places)
      t.notOk(
        secrets.some((secret) => bytes.includes(secret)),
        `no picture, no chat and no key in ${where}`,
      )
    const kept = places.filter(([where]) => where.startsWith('log') || where.includes('/signaling/'))
    const numberSecret = number.slice(3, 9) + number.slice(9)
    for (const [where, bytes] of kept) {
      for (const word of ['a=fingerprint', 'candidate:', 'a=ice-ufrag', number, numberSecret])
        t.notOk(bytes.includes(word), `no ${/^\d+$/.test(word) ? 'secret' : word} in ${where}`)
    }
  },
)

t.test('[R4] each key of A opens with each key of B; no key alone and no two of one group', async (t) => {
  await session.end()
  for (const pair of [
    [a1, b1],
    [a1, b2],
    [b1, a2],
    [a2, b2],
  ]) {
    const opened = await openWith(pair, place)
    const names = pair.map(({ key }) => key.label).join(' with ')
    t.equal(opened.standing, 'whole', names)
    t.ok(opened.events.includes(words), `${names}: the chat`)
    t.ok(await opened.hasPixels(rgb), `${names}: the marker, bit for bit`)
  }
  const old = ['group-a.key', 'group-b.key'].map((name) =>
    readFileSync(join(dataFolder, 'operator', name), 'utf8'),
  )
  const retired = old.map((text) => ({ ...a1, identity: readIdentityFile(text) }))
  for (const [missing, ...keys] of [
    [['B'], a1],
    [['B'], a2],
    [['A'], b1],
    [['A'], b2],
    [['B'], a1, a2],
    [['A'], b1, b2],
    [['A', 'B'], ...retired],
    [['B'], a1, retired[1]!],
  ] as [string[], ...HeldKey[]][]) {
    const error = await openWith(keys, place).catch((thrown: unknown) => thrown)
    t.ok(error instanceof KeysMissing, `${keys.length} keys are refused`)
    t.same((error as KeysMissing).groups, missing)
    t.notOk(existsSync(place.out), 'and nothing was written')
  }
})
