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

/**
 * The demo's, and: the check of the compose file, network namespaces, other people's clipboards, a text field of the
 * toolkit Tk that tells what it got, what X itself says of keys and characters, the Windows part on wine, and the
 * verifiers in Python.
 * @type {SystemPackage[]}
 */
export const FOR_TESTS = [
  ...FOR_DEMO,
  { name: 'docker-compose', program: 'docker-compose' },
  { name: 'iproute2', program: 'ip' },
  { name: 'xclip', program: 'xclip' },
  { name: 'tk', program: 'wish' },
  { name: 'x11-xkb-utils', program: 'setxkbmap' },
  { name: 'x11proto-dev', file: '/usr/include/X11/keysymdef.h' },
  { name: 'libx11-data', file: '/usr/share/X11/locale/en_US.UTF-8/Compose' },
  { name: 'wine64', file: '/usr/lib/wine/wine64' },
  { name: 'python3-cryptography', file: '/usr/lib/python3/dist-packages/cryptography/__init__.py' },
]
