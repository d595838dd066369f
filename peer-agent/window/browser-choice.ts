import { accessSync, constants, realpathSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { basename, delimiter, isAbsolute, join } from 'node:path'

/**
 * How a browser is told to show one page. `app`: Chromium and its kin, a window without tabs and address.
 * `firefox`: a window of its own with both. `tab`: whatever the system opens, in the customer's everyday browser.
 */
export interface BrowserChoice {
  readonly kind: 'app' | 'firefox' | 'tab'
  readonly path: string
  /** Where this browser can read files; absent where it can in the system's temporary folder. */
  readonly scratchParent?: string
}

const NAMES = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'microsoft-edge',
  'microsoft-edge-stable',
  'brave-browser',
  'firefox',
  'firefox-esr',
  'xdg-open',
]

type Env = Record<string, string | undefined>

/** The browsers to try, best first. `LOTSE_BROWSER`, a name or a path, goes before all. */
export function browserChoices(env: Env = process.env): BrowserChoice[] {
  const wanted = env.LOTSE_BROWSER ? [env.LOTSE_BROWSER] : NAMES
  return wanted.flatMap((name) => {
    const path = findProgram(name, env.PATH ?? '')
    return path === null ? [] : [choiceOf(path)]
  })
}

function findProgram(name: string, searchPath: string): string | null {
  const folders = isAbsolute(name) ? [''] : [...searchPath.split(delimiter), '/snap/bin'].filter(isAbsolute)
  return folders.map((folder) => join(folder, name)).find(isProgram) ?? null
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}

function choiceOf(path: string): BrowserChoice {
  const name = basename(path)
  const kind = name.includes('firefox') ? 'firefox' : name === 'xdg-open' ? 'tab' : 'app'
  // A snap has its own /tmp and sees only its own folder below the home.
  const isSnap = path.startsWith('/snap/') || realpathSync(path) === '/usr/bin/snap'
  return isSnap ? { kind, path, scratchParent: join(homedir(), 'snap', name, 'common') } : { kind, path }
}
