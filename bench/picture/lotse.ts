import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ROOT } from '../../deploy/stage/child.ts'
import { openCustomer } from '../../deploy/stage/customer.ts'
import { openExpert } from '../../deploy/stage/expert.ts'
import { startService } from '../../deploy/stage/service.ts'
import type { XServer } from '../../test/fixtures/x-server.ts'
import type { Line } from './line.ts'
import { treesOf } from './process-load.ts'
import type { System } from './system.ts'
import { VIEWER_SIZE, type Viewer } from './viewer.ts'

/** What is shipped has no TypeScript loader, which takes memory of its own. */
const AGENT = 'dist/peer-agent/main.js'

/** Lotse as it is used: service, recorder, the customer's agent as it is built, the expert's page. */
export async function openLotse(x: XServer, viewer: Viewer, line: Line): Promise<System> {
  build()
  const folder = mkdtempSync(join(tmpdir(), 'lotse-bench-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  // Reached from the other namespace as well; this one has no way out.
  const service = await startService({ dataFolder: join(folder, 'data'), env: { LOTSE_HOST: '0.0.0.0' } })
  const relay = await startRelay(service.origin, line)
  const expert = await openExpert(viewer.browser, VIEWER_SIZE)
  await expert.logIn(service.origin, service.expert.name, service.expert.password)
  const customer = await openCustomer(service, x, AGENT)
  await customer.waitForScreen('number')
  await customer.enterNumber(await expert.newNumber())
  await customer.agree()
  await expert.waitForPicture()
  await customer.waitForScreen('sharing')
  const painter = expert.page.workers().find((worker) => worker.url().includes('picture-worker'))
  if (!painter) throw new Error('The page has no worker that draws the picture.')
  const window = treesOf([customer.agent.pid]).find(({ command }) => /^\S*chromium/.test(command))
  return {
    page: expert.page,
    eyes: painter,
    subject: { worker: true },
    becomesExact: true,
    senders: [customer.agent.pid],
    ...(window ? { window: window.pid } : {}),
    keys: {
      async grant() {
        await expert.askControl()
        await customer.waitForScreen('question')
        await customer.agree()
        await expert.waitForHolder('expert')
      },
      focus: () => expert.clickAt(200, 200),
    },
    async close() {
      await customer.close()
      await expert.close()
      relay.kill()
      await service.close()
    },
  }
}

async function startRelay(origin: string, line: Line): Promise<ChildProcess> {
  const [enter = '', ...words] = [...line.atViewer, 'setpriv', '--pdeathsig', 'KILL', process.execPath]
  const program = [
    '--import=tsx',
    'bench/picture/tcp-relay-process.ts',
    new URL(origin).port,
    line.senderHost,
  ]
  const relay = spawn(enter, [...words, ...program], { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] })
  await once(relay.stdout!, 'data')
  return relay
}

/** Pages and agent that are measured are those of the sources as they are now. */
function build(): void {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['deploy/build.mjs'], {
    cwd: ROOT,
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`The agent can't be built:\n${stdout}${stderr}`)
}
