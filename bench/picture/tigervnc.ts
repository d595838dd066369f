import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { freePort } from '../../deploy/stage/service.ts'
import { until } from '../../deploy/stage/until.ts'
import type { XServer } from '../../test/fixtures/x-server.ts'
import type { Line } from './line.ts'
import type { System } from './system.ts'
import { VIEWER_SIZE, type Viewer } from './viewer.ts'

const START_MS = 30_000
const CANVAS = '#noVNC_container canvas'

/** TigerVNC reads the same X server (X0tigervnc), websockify passes it on to noVNC, all as Debian ships and sets them. */
export async function openTigerVnc(x: XServer, viewer: Viewer, line: Line): Promise<System> {
  const [rfbPort, webPort] = [await freePort(), await freePort()]
  const server = start('X0tigervnc', [
    '-display',
    x.display,
    '-rfbport',
    `${rfbPort}`,
    '-SecurityTypes',
    'None',
    '-localhost',
  ])
  await until(
    () => isOpen(rfbPort),
    START_MS,
    () => 'X0tigervnc did not start',
  )
  const web = start('websockify', ['--web', '/usr/share/novnc', `${webPort}`, `127.0.0.1:${rfbPort}`])
  await until(
    () => isOpen(webPort),
    START_MS,
    () => 'websockify did not start',
  )
  const context = await viewer.browser.newContext({ viewport: VIEWER_SIZE })
  const page = await context.newPage()
  await page.goto(`http://${line.senderHost}:${webPort}/vnc.html?autoconnect=true`)
  await page.locator(CANVAS).waitFor({ timeout: START_MS })
  await page.waitForFunction(
    ({ selector, width }) => {
      const canvas = document.querySelector<HTMLCanvasElement>(selector)
      return canvas?.width === width && canvas.getContext('2d')!.getImageData(2, 2, 1, 1).data[2] !== 0
    },
    { selector: CANVAS, width: VIEWER_SIZE.width },
  )
  return {
    page,
    eyes: page,
    subject: { selector: CANVAS },
    becomesExact: false,
    senders: [server.pid!, web.pid!],
    keys: {
      grant: async () => {},
      focus: () => page.locator(CANVAS).click({ position: { x: 200, y: 200 } }),
    },
    async close() {
      await context.close()
      await Promise.all([end(web), end(server)])
    },
  }
}

function start(command: string, args: readonly string[]): ChildProcess {
  return spawn('setpriv', ['--pdeathsig', 'KILL', command, ...args], { stdio: 'ignore' })
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  child.kill()
  await exited
}

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    const found = (is: boolean) => {
      socket.destroy()
      resolve(is)
    }
    socket.once('connect', () => found(true)).once('error', () => found(false))
  })
}
