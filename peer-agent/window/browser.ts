import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Rect } from '../desktop/port.ts'
import { browserArguments, FIREFOX_SETTINGS, windowPlace } from './browser-arguments.ts'
import type { BrowserChoice } from './browser-choice.ts'
import { movingPage } from './page-requests.ts'
import { makeScratch, type Scratch, sweepScratch } from './scratch.ts'

export interface BrowserOptions {
  /** URL with the ticket; it never stands on a command line. */
  readonly entrance: string
  readonly language: string
  readonly monitor: Rect
  /** The X display, where it is not the environment's. */
  readonly display?: string
  readonly env: Record<string, string | undefined>
}

/** A browser that was started to show one page, with a profile of its own. */
export interface Browser {
  readonly choice: BrowserChoice
  /** Its main process, which owns its windows; undefined for a tab: its browser is not ours. */
  readonly process: number | undefined
  /** Resolves once the browser is gone. Never for a tab: its browser is not ours. */
  readonly exited: Promise<void>
  /** The ticket was used: the file that held it goes. */
  forgetEntrance(): Promise<void>
  /** Ends the browser and removes everything it wrote. */
  close(): Promise<void>
}

const PATIENCE_MS = 3_000

export async function startBrowser(choice: BrowserChoice, options: BrowserOptions): Promise<Browser> {
  await sweepScratch(choice.scratchParent)
  const scratch = await makeScratch(choice.scratchParent)
  try {
    return await startIn(scratch, choice, options)
  } catch (error) {
    await scratch.remove()
    throw error
  }
}

async function startIn(scratch: Scratch, choice: BrowserChoice, options: BrowserOptions): Promise<Browser> {
  const { env, language, monitor } = options
  const doorFile = join(scratch.folder, 'lotse.html')
  await writeFile(doorFile, movingPage(options.entrance), { mode: 0o600, flag: 'wx' })
  const profile = join(scratch.folder, 'profile')
  const cache = join(scratch.folder, 'cache')
  for (const folder of [profile, cache]) await mkdir(folder, { mode: 0o700 })
  if (choice.kind === 'firefox') await writeFile(join(profile, 'user.js'), FIREFOX_SETTINGS)

  const flags = browserArguments(choice, {
    url: pathToFileURL(doorFile).href,
    profile,
    language,
    place: windowPlace(monitor),
    isRoot: process.getuid?.() === 0,
    extraFlags: (env.LOTSE_BROWSER_FLAGS ?? '').split(/\s+/).filter((flag) => flag !== ''),
  })
  const child = spawn(choice.path, flags, {
    detached: true,
    stdio: 'ignore',
    env: {
      ...browserEnvironment(env, options.display),
      ...(choice.kind === 'tab' ? {} : ownFolders(scratch.folder, cache)),
    },
  })
  await Promise.race([once(child, 'spawn'), once(child, 'error').then(([error]) => Promise.reject(error))])
  child.unref()
  await scratch.addOwner(child.pid!)

  const isOurs = choice.kind !== 'tab'
  const ended = child.exitCode !== null || child.signalCode !== null ? Promise.resolve() : once(child, 'exit')
  return {
    choice,
    process: isOurs ? child.pid : undefined,
    exited: isOurs ? ended.then(() => undefined) : new Promise(() => undefined),
    forgetEntrance: () => rm(doorFile, { force: true }),
    async close() {
      if (isOurs) await endGroup(child, ended)
      await scratch.remove()
    },
  }
}

/** The agent's own settings, the session number among them, are nothing the browser needs to know. */
function browserEnvironment(env: BrowserOptions['env'], display: string | undefined): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(([name]) => !name.startsWith('LOTSE_') && name !== 'NODE_OPTIONS')
  return { ...Object.fromEntries(kept), ...(display === undefined ? {} : { DISPLAY: display }) }
}

/** What the browser and its libraries would else leave in the home folder and in the common temporary one [L1]. */
function ownFolders(temporary: string, cache: string): NodeJS.ProcessEnv {
  return { TMPDIR: temporary, XDG_CACHE_HOME: cache, BREAKPAD_DUMP_LOCATION: cache }
}

/** The browser was started as the leader of a process group of its own: nothing else is in it. */
async function endGroup(child: ChildProcess, ended: Promise<unknown>): Promise<void> {
  signalGroup(child, 'SIGTERM')
  const timer = setTimeout(() => signalGroup(child, 'SIGKILL'), PATIENCE_MS)
  await ended
  clearTimeout(timer)
  // Helpers that outlive their leader would still write to the profile.
  signalGroup(child, 'SIGKILL')
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  try {
    process.kill(-child.pid!, signal)
  } catch {
    // The group is empty already.
  }
}
