import { type DesktopUnavailable, unavailable } from '../unavailable.ts'

export function isWaylandSession(): boolean {
  return process.env.XDG_SESSION_TYPE === 'wayland' || Boolean(process.env.WAYLAND_DISPLAY)
}

export function noDisplay(): DesktopUnavailable {
  return unavailable(
    'no-display',
    'No desktop was found',
    'no graphical session runs here (DISPLAY is not set)',
  )
}

export function waylandOnly(): DesktopUnavailable {
  return unavailable(
    'wayland',
    'This desktop runs on Wayland',
    'Wayland does not let programs see it; share it from the browser, or log in to an X11 ("Xorg") session',
  )
}

export function refused(display: string, error: Error): DesktopUnavailable {
  return unavailable(
    'refused',
    `The desktop ${display} could not be opened`,
    `the X server does not answer or refuses us (${error.message.trim()})`,
  )
}

export function missing(extension: string): DesktopUnavailable {
  return unavailable(
    'missing-extension',
    'This desktop is too old or too bare',
    `its X server lacks the extension "${extension}"`,
  )
}

export function unusual(because: string): DesktopUnavailable {
  return unavailable('unusual-screen', 'This screen is unusual', because)
}

export function lost(display: string): DesktopUnavailable {
  return unavailable('lost', `The desktop ${display} is gone`, 'the connection to the X server ended')
}
