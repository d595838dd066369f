import type { ChildProcess } from 'node:child_process'
import t, { type Test } from 'tap'
import type { Clipboard } from '../../../peer-agent/desktop/port.ts'
import { openX11Desktop } from '../../../peer-agent/desktop/x11/desktop.ts'
import { TurnedClock } from '../../fixtures/turned-clock.ts'
import { startXServer, until, type XServer } from '../../fixtures/x-server.ts'

const TEXTS = {
  umlauts: 'Grüße aus Österreich, Straße 5 €',
  emoji: 'gut 👍🏽 und 👩‍👩‍👧, Flagge 🇨🇭',
  lines: 'erste\nzweite\r\n\tdritte\n',
  'the longest that may be, at three bytes each': '漢'.repeat(20_000),
  'the longest that may be, at four bytes for two': '😀'.repeat(10_000),
}
/** More than xclip hands over in one piece. */
const HUGE = 'Grüße. '.repeat(200_000)
const HUGE_LIMIT = 2_000_000
const SILENT = { message: 'The program that holds the clipboard does not answer.' }

interface Scene {
  readonly server: XServer
  readonly clipboard: Clipboard
  readonly clock: TurnedClock
  /** A program that holds this text until it ends; resolves once it has the clipboard. */
  copied(text: string | Buffer, ...options: string[]): Promise<ChildProcess>
}

/** A clipboard whose patience runs out only when the clock is turned. */
async function open(t: Test): Promise<Scene> {
  const server = await startXServer({ width: 300, height: 200 })
  t.teardown(() => server.close())
  const clock = new TurnedClock()
  const desktop = await openX11Desktop({ display: server.display, clock })
  t.teardown(() => desktop.close())
  return {
    server,
    clipboard: await desktop.openClipboard(),
    clock,
    async copied(text, ...options) {
      const before = await ownerOf(server)
      const dir = t.testdir({ text })
      const words = ['-i', '-selection', 'clipboard', '-quiet', ...options, `${dir}/text`]
      const program = server.run('xclip', words)
      await until(async () => ![before, 0].includes(await ownerOf(server)), { what: 'xclip' })
      return program
    },
  }
}

function atomOf({ client }: XServer, name: string): Promise<number> {
  return new Promise((resolve) => {
    client.InternAtom(false, name, (_, value) => {
      resolve(value)
      return true
    })
  })
}

async function ownerOf(server: XServer): Promise<number> {
  const { client } = server
  const atom = await atomOf(server, 'CLIPBOARD')
  return new Promise((resolve) => {
    client.GetSelectionOwner(atom, (_, value) => {
      resolve(value)
      return true
    })
  })
}

t.test('what another program copied is read as it is', async (t) => {
  const { clipboard, copied } = await open(t)
  t.equal(await clipboard.read(20_000), null, 'nobody has copied anything')
  for (const [name, text] of Object.entries(TEXTS)) {
    await copied(text)
    t.ok((await clipboard.read(20_000)) === text, name)
  }
})

t.test('a text that is too long is refused, whoever holds it', async (t) => {
  const { clipboard, copied } = await open(t)
  const tooLong = { name: 'RangeError', message: /longer than 20000 characters/ }
  for (const text of ['a'.repeat(20_001), '漢'.repeat(20_001), 'ä'.repeat(60_001)]) {
    await copied(text)
    await t.rejects(clipboard.read(20_000), tooLong)
    await clipboard.write(text)
    await t.rejects(clipboard.read(20_000), tooLong)
  }
})

t.test('a huge text comes in pieces, and is taken to its end even where it is refused', async (t) => {
  const { clipboard, copied } = await open(t)
  await copied(HUGE)
  t.ok((await clipboard.read(HUGE_LIMIT)) === HUGE)
  await t.rejects(clipboard.read(20_000), RangeError)
  t.ok((await clipboard.read(HUGE_LIMIT)) === HUGE, 'its owner goes on')
})

t.test('a program that speaks Latin-1 alone is understood', async (t) => {
  const { clipboard, copied } = await open(t)
  await copied(Buffer.from('Grüße', 'latin1'), '-noutf8')
  t.equal(await clipboard.read(100), 'Grüße')
})

t.test('a program that refuses UTF-8 is asked for Latin-1', async (t) => {
  const { server, clipboard } = await open(t)
  const { client, root } = server
  const [selection, latin1] = await Promise.all([atomOf(server, 'CLIPBOARD'), atomOf(server, 'STRING')])
  const window = client.AllocID()
  client.CreateWindow(window, root, 0, 0, 1, 1, 0, 0, 0, 0, {})
  client.on('event', (event) => {
    if (event.name !== 'SelectionRequest') return
    const { time, requestor, target } = event
    const property = target === latin1 ? event.property : 0
    if (property) client.ChangeProperty(0, requestor, property, latin1, 8, Buffer.from('Grüße', 'latin1'))
    client.SendEvent(requestor, 0, 0, {
      name: 'SelectionNotify',
      time,
      requestor,
      selection,
      target,
      property,
    })
  })
  client.SetSelectionOwner(window, selection, 0)
  await server.sync()
  t.equal(await clipboard.read(100), 'Grüße')
})

t.test('a picture is no text', async (t) => {
  const { clipboard, copied } = await open(t)
  await copied('not really a picture', '-t', 'image/png')
  t.equal(await clipboard.read(100), null)
})

t.test('it is empty once the program that copied has ended', async (t) => {
  const { clipboard, copied } = await open(t)
  await copied('nur einmal', '-loops', '1')
  t.equal(await clipboard.read(100), 'nur einmal')
  await until(async () => (await clipboard.read(100)) === null)
})

for (const [name, text, limit] of [
  ['text', 'später', 100],
  ['huge text', HUGE, HUGE_LIMIT],
] as const) {
  t.test(`a program with a ${name} that hangs is given up after a second, and lives on`, async (t) => {
    const { clipboard, clock, copied } = await open(t)
    const program = await copied(text)
    program.kill('SIGSTOP')
    const reading = clipboard.read(20_000)
    await until(() => clock.nextMs === 1000)
    clock.turn(1000)
    await t.rejects(reading, SILENT)
    const again = clipboard.read(limit)
    await until(() => clock.nextMs === 1000)
    program.kill('SIGCONT')
    t.ok((await again) === text, 'it answers when it can, and the late answer is nobody else’s')
    t.ok((await clipboard.read(limit)) === text)
    t.equal(clock.nextMs, Number.POSITIVE_INFINITY)
  })
}

t.test('closing ends a reading that is under way', async (t) => {
  const { clipboard, clock, copied } = await open(t)
  const program = await copied('später')
  program.kill('SIGSTOP')
  t.teardown(() => program.kill('SIGCONT'))
  const reading = clipboard.read(20_000)
  await until(() => clock.nextMs === 1000)
  const refused = t.rejects(reading, { message: 'The clipboard was closed.' })
  await clipboard.close()
  await refused
})
