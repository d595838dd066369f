import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { waitForSamePixels } from '../../deploy/stage/same-pixels.ts'
import { openScene } from '../../deploy/stage/session.ts'
import type { XServer } from '../fixtures/x-server.ts'

const scene = await openScene()
t.teardown(() => scene.close())
const { x, expert, service, folder } = scene
const SIDE = 64
const Z_PIXMAP = 2

/** A window of noise: every row of it is found nowhere else in the world. Returns the noise as BGRX. */
async function showMarker(x: XServer): Promise<Buffer> {
  const noise = randomBytes(SIDE * SIDE * 4)
  const { client, root } = x
  const [window, gc] = [client.AllocID(), client.AllocID()]
  client.CreateWindow(window, root, 700, 60, SIDE, SIDE, 0, 24, 1, 0, { overrideRedirect: true })
  client.MapWindow(window)
  client.CreateGC(gc, window, {})
  await x.sync()
  client.PutImage(Z_PIXMAP, window, gc, SIDE, SIDE, 0, 0, 0, 24, noise)
  await x.sync()
  return noise
}

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

function coreOf(pid: number): Buffer {
  const file = join(folder, 'core')
  execFileSync('gcore', ['-o', file, String(pid)], { stdio: 'ignore' })
  const bytes = readFileSync(`${file}.${pid}`)
  rmSync(`${file}.${pid}`)
  return bytes
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
    const marks = needles(await showMarker(x))
    await waitForSamePixels(x, expert)
    const words = `geheim${randomBytes(9).toString('hex')}`
    await customer.say(words)
    await expert.page.locator('[data-test="chat-log"]', { hasText: words }).waitFor()
    await expert.page.locator('[data-test="chat-log"]', { hasText: words }).waitFor()

    const agent = coreOf(
      Number(execFileSync('pgrep', ['-P', String(customer.agent.pid), '-f', 'agent-process']).toString()),
    )
    t.ok(
      marks.some((mark) => agent.includes(mark)),
      'the agent holds the marker: the search can find it',
    )
    t.ok(agent.includes(words))
    const places: [string, Buffer][] = [
      ['core of the recorder', coreOf(service.recorder().pid)],
      ['core of the server', coreOf(service.signaling().pid)],
      ['log of the recorder', Buffer.from(service.recorder().output())],
      ['log of the server', Buffer.from(service.signaling().output())],
      ...filesIn(service.dataFolder).map((file): [string, Buffer] => [
        file.slice(folder.length),
        readFileSync(file),
      ]),
    ]
    for (const [place, bytes] of places) {
      t.notOk(
        marks.some((mark) => bytes.includes(mark)),
        `no picture in ${place}`,
      )
      t.notOk(bytes.includes(words), `no chat in ${place}`)
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
