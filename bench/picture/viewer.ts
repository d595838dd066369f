import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, chromium } from 'playwright-core'
import { CHROMIUM_ARGS } from '../../deploy/stage/expert.ts'
import type { Line } from './line.ts'
import { startedWith } from './process-load.ts'

/** The Chromium of whoever looks. */
export interface Viewer {
  readonly browser: Browser
  readonly pid: number
  close(): Promise<void>
}

export const VIEWER_SIZE = { width: 1920, height: 1080 }
const ARGS = [...CHROMIUM_ARGS, '--autoplay-policy=no-user-gesture-required']

export async function openViewer(line: Line): Promise<Viewer> {
  const folder = mkdtempSync(join(tmpdir(), 'lotse-viewer-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  const program = join(folder, 'chromium-at-viewer')
  const command = [...line.atViewer, 'setpriv', '--pdeathsig', 'KILL', '/usr/bin/chromium'].join(' ')
  writeFileSync(program, `#!/bin/sh\nexec ${command} "$@"\n`, { mode: 0o700 })
  const mark = `--lotse-bench-viewer=${process.pid}`
  const browser = await chromium.launch({ executablePath: program, args: [...ARGS, mark] })
  return {
    browser,
    pid: startedWith(process.pid, mark),
    close: () => browser.close(),
  }
}
