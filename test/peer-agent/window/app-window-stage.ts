import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import t, { type Test } from 'tap'
import { openCustomerWindow } from '../../../peer-agent/window/window.ts'
import { startXServer, until } from '../../fixtures/x-server.ts'
import { buildPage } from './page-in-chromium.ts'

/** The real window: Debian's Chromium in app mode on a virtual display of our own. */

export const MONITOR = { x: 0, y: 0, width: 1366, height: 768 }
/** Before a test gives this process another one. */
export const COMMON_TMP = tmpdir()
export const built = await buildPage()
export const x = await startXServer({ width: MONITOR.width, height: MONITOR.height })
t.teardown(async () => {
  await x.close()
})

/** A Chromium that notes how it was called before it starts, in a temporary folder and a home of its own. */
export async function spyBrowser(t: Test) {
  const folder = await mkdtemp(join(COMMON_TMP, 'lotse-test-'))
  t.teardown(() => rm(folder, { recursive: true, force: true, maxRetries: 10 }))
  for (const name of ['tmp', 'home']) mkdirSync(join(folder, name))
  const path = join(folder, 'chromium')
  writeFileSync(
    path,
    `#!/bin/sh
env > ${folder}/env
for word; do
  case $word in --app=file://*)
    door="\${word#--app=file://}"
    stat -c %a "$door" "$(dirname "$door")" > ${folder}/modes
    cp "$door" ${folder}/door
  esac
done
echo $$ > ${folder}/pid
exec /usr/bin/chromium "$@"
`,
  )
  chmodSync(path, 0o755)
  const { XDG_CONFIG_HOME: _config, XDG_CACHE_HOME: _cache, ...inherited } = process.env
  return {
    folder,
    scratches: () => readdirSync(join(folder, 'tmp')).filter((name) => name.startsWith('lotse-window-')),
    noted: (name: string) => readFileSync(join(folder, name), 'utf8').trim(),
    pid: () => Number(readFileSync(join(folder, 'pid'), 'utf8')),
    env: {
      ...inherited,
      HOME: join(folder, 'home'),
      TMPDIR: join(folder, 'tmp'),
      LOTSE_BROWSER: path,
      LOTSE_BROWSER_FLAGS: '--remote-debugging-port=0 --disable-gpu --disable-quic',
      LOTSE_AGENT_SETTINGS: '{"number":"123 456 789 0"}',
    },
  }
}
export type SpyBrowser = Awaited<ReturnType<typeof spyBrowser>>

/** The page inside the app window. */
export function insideOf(spy: SpyBrowser) {
  const [scratch] = spy.scratches()
  return debuggedPage(join(spy.env.TMPDIR, scratch!, 'profile'))
}

/** The page of a running Chromium, reached by its own debugging port. */
export async function debuggedPage(profile: string) {
  const portFile = join(profile, 'DevToolsActivePort')
  await until(() => existsSync(portFile), { what: 'the debugging port' })
  const [port] = readFileSync(portFile, 'utf8').split('\n')
  const debugged = await chromium.connectOverCDP(`http://127.0.0.1:${port}`)
  return debugged.contexts()[0]!.pages()[0]!
}

export const isAlive = (pid: number) =>
  existsSync(`/proc/${pid}`) && !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))

export function commandLines(): string {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
      } catch {
        return ''
      }
    })
    .join('\n')
}

export async function open(t: Test, spy: { env: SpyBrowser['env'] }) {
  // The temporary folder of this process is where the agent makes its own.
  process.env.TMPDIR = spy.env.TMPDIR
  const window = await openCustomerWindow({
    language: 'de',
    monitor: MONITOR,
    display: x.display,
    pageFolder: built.folder,
    env: spy.env,
    absenceMs: 2_000,
  })
  t.teardown(() => window.close())
  return window
}
