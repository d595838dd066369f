import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { closeSync, openSync, readdirSync, readFileSync, readSync, statSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { waitForSamePixels } from '../../deploy/stage/same-pixels.ts'
import { openScene } from '../../deploy/stage/session.ts'
import { showNoise } from '../fixtures/noise-window.ts'

const scene = await openScene()
t.teardown(() => scene.close())
const { x, expert, service, folder } = scene
const SIDE = 64

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

t.test(
  '[R3] [S5] what the customer shows and writes is nowhere in recorder and server; neither is what connects the ends',
  async (t) => {
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
    await expert.page.locator('[data-test="chat-log"]', { hasText: words }).waitFor()

    const agentPid = Number(
      execFileSync('pgrep', ['-P', String(customer.agent.pid), '-f', 'agent-process']).toString(),
    )
    const secrets = [...marks, words]
    const known = foundIn(agentPid, secrets)
    t.ok(
      known.includes(words) && known.length >= 2,
      'the agent holds marker and chat: the search can find them',
    )
    t.same(foundIn(service.recorder().pid, secrets), [], 'nothing in the memory of the recorder')
    t.same(foundIn(service.signaling().pid, secrets), [], 'nothing in the memory of the server')
    const places: [string, Buffer][] = [
      ['log of the recorder', Buffer.from(service.recorder().output())],
      ['log of the server', Buffer.from(service.signaling().output())],
      ...filesIn(service.dataFolder).map((file): [string, Buffer] => [
        file.slice(folder.length),
        readFileSync(file),
      ]),
    ]
    for (const [place, bytes] of places) {
      t.notOk(
        secrets.some((secret) => bytes.includes(secret)),
        `no picture and no chat in ${place}`,
      )
    }
    const kept = places.filter(([place]) => place.startsWith('log') || place.includes('/signaling/'))
    for (const [place, bytes] of kept) {
      for (const word of [
        'a=fingerprint',
        'candidate:',
        'a=ice-ufrag',
        number,
        number.slice(3, 9) + number.slice(9),
      ]) {
        t.notOk(
          bytes.includes(word),
          `no ${word === number || /^\d+$/.test(word) ? 'secret' : word} in ${place}`,
        )
      }
    }
    await customer.click('end')
    await customer.waitForScreen('ended')
  },
)
