import { readFileSync } from 'node:fs'
import { lstat, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const PREFIX = 'lotse-window-'
const OWNERS = 'owners'

/** A folder only this user can read, for the browser's profile and the ticket; it goes when the window goes [L1]. */
export interface Scratch {
  readonly folder: string
  /** As long as one owner lives, no later run takes the folder for a left-over. */
  addOwner(pid: number): Promise<void>
  remove(): Promise<void>
}

/** `parent` is the system's temporary folder, except for browsers that cannot see it. */
export async function makeScratch(parent: string = tmpdir()): Promise<Scratch> {
  const folder = await mkdtemp(join(parent, PREFIX))
  const owners: string[] = []
  const scratch: Scratch = {
    folder,
    async addOwner(pid) {
      owners.push(processIdentity(pid) ?? `${pid}`)
      await writeFile(join(folder, OWNERS), owners.join('\n'), { mode: 0o600 })
    },
    // A browser's helper may still write while it is being removed.
    remove: () => rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }),
  }
  await scratch.addOwner(process.pid)
  return scratch
}

/** Removes what runs that were killed left behind. Touches only folders of this user whose owners are all gone. */
export async function sweepScratch(parent: string = tmpdir()): Promise<void> {
  for (const name of await readdir(parent).catch(() => [])) {
    if (!name.startsWith(PREFIX)) continue
    const folder = join(parent, name)
    if (await isLeftOver(folder)) await rm(folder, { recursive: true, force: true }).catch(() => undefined)
  }
}

async function isLeftOver(folder: string): Promise<boolean> {
  const facts = await lstat(folder).catch(() => null)
  if (!facts?.isDirectory() || facts.uid !== process.getuid?.()) return false
  const owners = await readFile(join(folder, OWNERS), 'utf8').catch(() => null)
  return owners?.split('\n').every((owner) => !isAlive(owner)) ?? false
}

/**
 * A process and when it started, in clock ticks since boot (`/proc/PID/stat`, field 22): numbers of processes are
 * used again. Null where there is no such process or no /proc.
 */
function processIdentity(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const startedTicks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
    return `${pid} ${startedTicks}`
  } catch {
    return null
  }
}

function isAlive(owner: string): boolean {
  const pid = Number.parseInt(owner, 10)
  if (owner.includes(' ')) return processIdentity(pid) === owner
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
