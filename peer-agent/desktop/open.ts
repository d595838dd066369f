import type { Desktop } from './port.ts'
import { openX11Desktop } from './x11/desktop.ts'

/** This computer's desktop. Throws an Error with the sentence for the customer where it can't be shared. */
export async function openDesktop(): Promise<Desktop> {
  if (process.platform === 'linux') return openX11Desktop()
  throw new Error("This computer's screen can't be shared yet: Lotse runs on Linux with X11 so far.")
}
