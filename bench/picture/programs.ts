import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { SystemName } from './choice.ts'

/** Debian's packages that only this bench needs, beside those of the demo. */
const FOR_LINES = [
  ['iproute2', 'ip'],
  ['iproute2', 'tc'],
] as const
const FOR_TIGERVNC = [
  ['tigervnc-scraping-server', 'X0tigervnc'],
  ['websockify', 'websockify'],
] as const
const NOVNC = '/usr/share/novnc/vnc.html'

/** Throws one sentence that says what to install. */
export function demandPrograms(systems: readonly SystemName[]): void {
  const needsTigerVnc = systems.includes('tigervnc')
  const missing = [...FOR_LINES, ...(needsTigerVnc ? FOR_TIGERVNC : [])]
    .filter(([, program]) => !isOnPath(program))
    .map(([name]) => name as string)
  if (needsTigerVnc && !existsSync(NOVNC)) missing.push('novnc')
  if (missing.length === 0) return
  throw new Error(`This bench also needs: apt-get install ${[...new Set(missing)].join(' ')}`)
}

function isOnPath(program: string): boolean {
  const folders = [...(process.env.PATH ?? '').split(':'), '/usr/sbin', '/sbin']
  return folders.some((folder) => existsSync(join(folder, program)))
}
