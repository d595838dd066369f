import { chmodSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import t, { type Test } from 'tap'
import { browserArguments, windowPlace } from '../../../peer-agent/window/browser-arguments.ts'
import { browserChoices } from '../../../peer-agent/window/browser-choice.ts'
import { makeScratch, sweepScratch } from '../../../peer-agent/window/scratch.ts'
import { openCustomerWindow } from '../../../peer-agent/window/window.ts'

async function folder(t: Test): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'lotse-test-'))
  t.teardown(() => rm(made, { recursive: true, force: true }))
  return made
}

function program(path: string, body = 'exit 0'): string {
  writeFileSync(path, `#!/bin/sh\n${body}\n`)
  chmodSync(path, 0o755)
  return path
}

/** A built page that is never looked at. */
async function emptyPage(t: Test): Promise<string> {
  const made = await folder(t)
  writeFileSync(join(made, 'index.html'), '<html lang="en"></html>')
  return made
}

const MONITOR = { x: 0, y: 0, width: 1366, height: 768 }

t.test('the best browser comes first, and the one that is wished for alone', async (t) => {
  const bin = await folder(t)
  for (const name of ['firefox', 'xdg-open', 'google-chrome', 'chromium']) program(join(bin, name))
  const found = browserChoices({ PATH: bin })
  t.same(
    found.map(({ kind, path }) => [kind, basename(path)]),
    [
      ['app', 'chromium'],
      ['app', 'google-chrome'],
      ['firefox', 'firefox'],
      ['tab', 'xdg-open'],
    ],
  )
  const own = program(join(bin, 'my browser'))
  t.same(browserChoices({ PATH: bin, LOTSE_BROWSER: own }), [{ kind: 'app', path: own }])
  t.same(browserChoices({ PATH: bin, LOTSE_BROWSER: 'firefox' }), [
    { kind: 'firefox', path: join(bin, 'firefox') },
  ])
  t.same(browserChoices({ PATH: bin, LOTSE_BROWSER: 'lynx' }), [])
})

t.test('what is no program is no browser', async (t) => {
  const bin = await folder(t)
  writeFileSync(join(bin, 'chromium'), '')
  mkdirSync(join(bin, 'google-chrome'))
  symlinkSync('/nowhere', join(bin, 'brave-browser'))
  t.same(browserChoices({ PATH: bin }), [])
  t.same(browserChoices({ PATH: '.:' }), [], 'the folder one happens to stand in is not searched')
})

t.test(
  'the window opens at the bottom right of its monitor, below the mark, inside a small one',
  async (t) => {
    t.same(windowPlace(MONITOR), { width: 460, height: 620, x: 882, y: 76 })
    t.same(windowPlace({ x: 1920, y: 200, width: 1920, height: 1080 }), {
      width: 460,
      height: 680,
      x: 3356,
      y: 528,
    })
    t.same(windowPlace({ x: 0, y: 0, width: 400, height: 600 }), { width: 400, height: 452, x: 0, y: 76 })
  },
)

t.test('the sandbox is given up only where it cannot work', async (t) => {
  const window = {
    url: 'file:///x',
    profile: '/p',
    language: 'de',
    place: windowPlace(MONITOR),
    extraFlags: ['--x=1'],
  }
  const choice = { kind: 'app', path: 'chromium' } as const
  t.notOk(browserArguments(choice, { ...window, isRoot: false }).includes('--no-sandbox'))
  const asRoot = browserArguments(choice, { ...window, isRoot: true })
  t.ok(asRoot.includes('--no-sandbox'))
  t.ok(asRoot.includes('--app=file:///x'))
  t.ok(asRoot.includes('--user-data-dir=/p'))
  t.ok(asRoot.includes('--x=1'))
  t.same(browserArguments({ kind: 'tab', path: 'xdg-open' }, { ...window, isRoot: true }), ['file:///x'])
})

t.test('[L1] the next run removes what dead runs left, and nothing else', async (t) => {
  const parent = await folder(t)
  const living = await makeScratch(parent)
  const dead = await makeScratch(parent)
  const reused = await makeScratch(parent)
  writeFileSync(join(dead.folder, 'owners'), '4194305\n4194306 1')
  writeFileSync(join(reused.folder, 'owners'), `${process.pid} 1`)
  mkdirSync(join(parent, 'lotse-window-foreign'))
  mkdirSync(join(parent, 'other'))
  writeFileSync(join(parent, 'other', 'owners'), '4194305')
  symlinkSync(join(parent, 'other'), join(parent, 'lotse-window-link'))

  await sweepScratch(parent)
  t.ok(existsSync(living.folder), 'its run lives')
  t.notOk(existsSync(dead.folder), 'its run is dead')
  t.notOk(existsSync(reused.folder), 'the number of its process is another’s by now')
  t.ok(existsSync(join(parent, 'lotse-window-foreign')), 'says nothing of an owner')
  t.ok(existsSync(join(parent, 'other', 'owners')), 'only pointed to')
  await living.remove()
  t.notOk(existsSync(living.folder))
  await sweepScratch(join(parent, 'nowhere'))
})

t.test('without a browser the customer is told what to install', async (t) => {
  const options = { monitor: MONITOR, pageFolder: await emptyPage(t) }
  const env = { PATH: await folder(t) }
  await t.rejects(openCustomerWindow({ ...options, language: 'de', env }), {
    message: /installieren Sie Chromium/,
  })
  await t.rejects(openCustomerWindow({ ...options, language: 'en', env }), { message: /install Chromium/ })
})

t.test('a browser that dies, never shows the page or is not runnable gives way to the next', async (t) => {
  const bin = await folder(t)
  const tried = join(bin, 'tried')
  program(join(bin, 'chromium'), `echo chromium >> ${tried}; exit 1`)
  program(join(bin, 'google-chrome'), `echo google-chrome >> ${tried}; exec /bin/sleep 600`)
  writeFileSync(join(bin, 'firefox'), 'no program')
  chmodSync(join(bin, 'firefox'), 0o755)
  const attempt = openCustomerWindow({
    language: 'en',
    monitor: MONITOR,
    pageFolder: await emptyPage(t),
    env: { PATH: bin },
    startLimitMs: 200,
  })
  await t.rejects(attempt, { message: /No browser .*chromium, .*google-chrome, .*firefox/ })
})

t.test('a page that was not built is said so', async (t) => {
  const options = { language: 'en', monitor: MONITOR, pageFolder: await folder(t) } as const
  await t.rejects(openCustomerWindow(options), { message: /npm run build/ })
})
