import { execFile } from 'node:child_process'
import t, { type Test } from 'tap'
import type { Clipboard, Desktop } from '../../../peer-agent/desktop/port.ts'
import { clipboardAtoms } from '../../../peer-agent/desktop/x11/clipboard-atoms.ts'
import { createClipboardOwner } from '../../../peer-agent/desktop/x11/clipboard-owner.ts'
import { connectX } from '../../../peer-agent/desktop/x11/connection.ts'
import { openX11Desktop } from '../../../peer-agent/desktop/x11/desktop.ts'
import { startXServer, until, type XServer } from '../../fixtures/x-server.ts'

const TEXTS = {
  umlauts: 'Grüße aus Österreich, Straße 5 €',
  emoji: 'gut 👍🏽 und 👩‍👩‍👧, Flagge 🇨🇭',
  lines: 'erste\nzweite\r\n\tdritte\n',
  'the longest that goes over, at three bytes each': '漢'.repeat(20_000),
}
const FORMS = ['TARGETS', 'TIMESTAMP', 'UTF8_STRING', 'text/plain;charset=utf-8', 'text/plain']

interface Scene {
  readonly server: XServer
  readonly desktop: Desktop
  readonly clipboard: Clipboard
  /** What another program gets when it pastes, in that form; undefined where it is refused. */
  paste(form?: string): Promise<Buffer | undefined>
  /** Another program copies: resolves once the clipboard is its own. */
  copy(text: string): Promise<void>
}

async function open(t: Test): Promise<Scene> {
  const server = await startXServer({ width: 300, height: 200 })
  t.teardown(() => server.close())
  const desktop = await openX11Desktop({ display: server.display })
  t.teardown(() => desktop.close())
  const clipboard = await desktop.openClipboard()
  return {
    server,
    desktop,
    clipboard,
    paste: (form = 'UTF8_STRING') =>
      new Promise((resolve) => {
        execFile(
          'xclip',
          ['-o', '-selection', 'clipboard', '-t', form],
          { env: { ...process.env, DISPLAY: server.display }, encoding: 'buffer', timeout: 10_000 },
          (error, stdout) => resolve(error ? undefined : stdout),
        )
      }),
    async copy(text) {
      const before = await ownerOf(server)
      const dir = t.testdir({ copied: text })
      server.run('xclip', ['-i', '-selection', 'clipboard', '-quiet', `${dir}/copied`])
      await until(async () => ![before, 0].includes(await ownerOf(server)), { what: 'xclip' })
    },
  }
}

function ask<T>(send: (done: (error: Error | null | undefined, value: T) => boolean) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    send((error, value) => {
      if (error) reject(error)
      else resolve(value)
      return true
    })
  })
}

async function ownerOf({ client }: XServer): Promise<number> {
  const atom = await ask<number>((done) => client.InternAtom(false, 'CLIPBOARD', done))
  return ask<number>((done) => client.GetSelectionOwner(atom, done))
}

t.test('what is written is what another program pastes', async (t) => {
  const { clipboard, paste } = await open(t)
  for (const [name, text] of Object.entries(TEXTS)) {
    await clipboard.write(text)
    t.ok((await paste())?.equals(Buffer.from(text)), name)
    t.equal(await clipboard.read(20_000), text, 'and it is read back')
  }
})

t.test('it tells in which forms it can be had, and gives each', async (t) => {
  const { clipboard, paste } = await open(t)
  await clipboard.write('Grüße')
  const forms = `${await paste('TARGETS')}`.trim().split('\n')
  t.same(forms.sort(), [...FORMS, 'STRING'].sort())
  for (const form of ['UTF8_STRING', 'text/plain;charset=utf-8', 'text/plain']) {
    t.same(await paste(form), Buffer.from('Grüße'), form)
  }
  t.same(await paste('STRING'), Buffer.from('Grüße', 'latin1'), 'STRING')
  t.match(`${await paste('TIMESTAMP')}`, /^\d+/)
})

t.test('what it cannot give it refuses', async (t) => {
  const { clipboard, paste } = await open(t)
  await clipboard.write('5 €')
  t.same(`${await paste('TARGETS')}`.trim().split('\n').sort(), [...FORMS].sort())
  for (const form of ['STRING', 'image/png', 'MULTIPLE']) t.equal(await paste(form), undefined, form)
})

t.test('a client of before the ICCCM is served, and no question of before our time', async (t) => {
  const { server, clipboard } = await open(t)
  const { client, root } = server
  await clipboard.write('Text')
  const atom = (name: string) => ask<number>((done) => client.InternAtom(false, name, done))
  const [selection, target] = await Promise.all(['CLIPBOARD', 'UTF8_STRING'].map(atom))
  const window = client.AllocID()
  client.CreateWindow(window, root, 0, 0, 1, 1, 0, 0, 0, 0, {})
  const answers: number[] = []
  client.on('event', (event) => {
    if (event.name === 'SelectionNotify' && event.requestor === window) answers.push(event.property)
  })
  client.ConvertSelection(window, selection!, target!, 0, 0)
  await until(() => answers.length === 1)
  t.equal(answers[0], target, 'the text lies where such a client looks')
  client.ConvertSelection(window, selection!, target!, target!, 1)
  await until(() => answers.length === 2)
  t.equal(answers[1], 0)
})

t.test('another program that copies takes the clipboard over, and we can take it back', async (t) => {
  const { clipboard, paste, copy } = await open(t)
  await clipboard.write('unser Text')
  await copy('ihr Text')
  t.equal(await clipboard.read(100), 'ihr Text')
  t.equal(`${await paste()}`, 'ihr Text')
  await clipboard.write('wieder unserer')
  t.equal(`${await paste()}`, 'wieder unserer')
  t.equal(await clipboard.read(100), 'wieder unserer')
})

t.test('what has left the clipboard is forgotten', async (t) => {
  const { server, copy } = await open(t)
  const connection = await connectX({ display: server.display })
  t.teardown(() => connection.close())
  const owner = createClipboardOwner(connection, await clipboardAtoms(connection))
  await owner.own('unser Text')
  t.equal(owner.text(), 'unser Text')
  await copy('ihr Text')
  await until(() => owner.text() === undefined)
})

t.test('of two writes at once the later one counts', async (t) => {
  const { clipboard, paste } = await open(t)
  await Promise.all([clipboard.write('eins'), clipboard.write('zwei')])
  t.equal(`${await paste()}`, 'zwei')
})

t.test('closed, it leaves nothing behind', async (t) => {
  const { server, clipboard, paste } = await open(t)
  await clipboard.write('unser Text')
  await clipboard.close()
  t.equal(await ownerOf(server), 0)
  t.equal(await paste(), undefined)
  await t.rejects(clipboard.read(100), { message: 'The clipboard was closed.' })
  await t.rejects(clipboard.write('mehr'), { message: 'The clipboard was closed.' })
})

t.test('it closes with the desktop, and both refuse once the server is gone', async (t) => {
  const first = await open(t)
  await first.clipboard.write('unser Text')
  await first.desktop.close()
  t.equal(await ownerOf(first.server), 0)
  const second = await open(t)
  await second.server.close()
  await t.rejects(second.clipboard.write('Text'), /connection to the X server ended/)
  await t.rejects(second.clipboard.read(100), /connection to the X server ended/)
})
