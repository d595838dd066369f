/**
 * The Debian packages that Lotse needs, and how to see that one is there: a program on the PATH or a file. What was
 * installed by other means counts as well.
 * @typedef {{ name: string, program: string } | { name: string, file: string }} SystemPackage
 */

/** To compile sqlite3 where no ready-made binary can be downloaded. @type {SystemPackage[]} */
export const FOR_NPM = [
  { name: 'python3', program: 'python3' },
  { name: 'make', program: 'make' },
  { name: 'g++', program: 'g++' },
]

/** A virtual display with a few ordinary windows, and Chromium for the pages. @type {SystemPackage[]} */
export const FOR_DEMO = [
  { name: 'chromium', program: 'chromium' },
  { name: 'xvfb', program: 'Xvfb' },
  { name: 'openbox', program: 'openbox' },
  { name: 'xterm', program: 'xterm' },
  { name: 'x11-xserver-utils', program: 'xrandr' },
  { name: 'fonts-dejavu-core', file: '/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf' },
  { name: 'fonts-noto-color-emoji', file: '/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf' },
]

/** The demo's, and: the check of the compose file, network namespaces. @type {SystemPackage[]} */
export const FOR_TESTS = [
  ...FOR_DEMO,
  { name: 'docker-compose', program: 'docker-compose' },
  { name: 'iproute2', program: 'ip' },
]
