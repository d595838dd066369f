import type { OpenInjector } from './injector.ts'
import { openX11Injector } from './x11/injector.ts'

/** Remote input for this computer's desktop. Rejects with the sentence for the customer where there is none. */
export const openInjector: OpenInjector = async (options, events) => {
  if (process.platform === 'linux') return openX11Injector(options, events)
  if (process.platform === 'win32') {
    // Loads libraries that only Windows has.
    const { openWindowsInjector } = await import('./windows/injector.ts')
    return openWindowsInjector(options, events)
  }
  throw new Error(
    "This computer can't be controlled from afar yet: Lotse does so on Linux and Windows so far.",
  )
}
