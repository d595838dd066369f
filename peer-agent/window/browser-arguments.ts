import type { Rect } from '../desktop/port.ts'
import type { BrowserChoice } from './browser-choice.ts'

const WINDOW = { width: 460, height: 680 } as const
/** Room for the mark at the top right [W1], for the desktop's own bar at the bottom, and a little air. */
const MARGIN = { top: 76, right: 24, bottom: 72 } as const

/** Near the bottom right of the monitor, where it covers least of what people work on; smaller on a small monitor. */
export function windowPlace(monitor: Rect): Rect {
  const width = Math.min(WINDOW.width, monitor.width)
  const height = Math.min(WINDOW.height, monitor.height - MARGIN.top - MARGIN.bottom)
  return {
    width,
    height,
    x: Math.max(monitor.x, monitor.x + monitor.width - width - MARGIN.right),
    y: Math.max(monitor.y, monitor.y + monitor.height - height - MARGIN.bottom),
  }
}

export interface PageWindow {
  /** Opened first. Everyone on this computer can read a command line: no secret may stand in it. */
  readonly url: string
  readonly profile: string
  readonly language: string
  readonly place: Rect
  readonly isRoot: boolean
  readonly extraFlags: readonly string[]
}

export function browserArguments({ kind }: BrowserChoice, window: PageWindow): string[] {
  const { url, profile, language, place, isRoot, extraFlags } = window
  switch (kind) {
    case 'tab':
      return [url]
    case 'firefox':
      return [
        '--new-instance',
        '--no-remote',
        '--profile',
        profile,
        `--width=${place.width}`,
        `--height=${place.height}`,
        ...extraFlags,
        '--new-window',
        url,
      ]
    case 'app':
      return [
        `--app=${url}`,
        `--user-data-dir=${profile}`,
        `--lang=${language}`,
        `--window-size=${place.width},${place.height}`,
        `--window-position=${place.x},${place.y}`,
        '--no-first-run',
        '--no-default-browser-check',
        '--no-pings',
        '--disable-sync',
        '--disable-extensions',
        '--disable-default-apps',
        '--disable-background-networking',
        '--disable-background-mode',
        '--disable-component-update',
        '--disable-breakpad',
        '--disable-features=Translate,MediaRouter,OptimizationHints',
        '--hide-crash-restore-bubble',
        // No question of the system's own about a keyring: nothing is kept in this profile.
        '--password-store=basic',
        '--use-mock-keychain',
        // Chromium's sandbox cannot work as root; the page it shows is ours alone.
        ...(isRoot ? ['--no-sandbox', '--test-type'] : []),
        ...extraFlags,
      ]
  }
}

/** Settings for a fresh Firefox profile: no welcome pages, no questions, nothing sent. */
export const FIREFOX_SETTINGS = `user_pref("browser.aboutwelcome.enabled", false);
user_pref("browser.shell.checkDefaultBrowser", false);
user_pref("browser.startup.homepage_override.mstone", "ignore");
user_pref("browser.tabs.inTitlebar", 0);
user_pref("browser.translations.enable", false);
user_pref("datareporting.policy.dataSubmissionEnabled", false);
user_pref("datareporting.policy.dataSubmissionPolicyBypassNotification", true);
user_pref("toolkit.telemetry.reportingpolicy.firstRun", false);
user_pref("toolkit.telemetry.unified", false);
user_pref("trailhead.firstrun.didSeeAboutWelcome", true);
`
