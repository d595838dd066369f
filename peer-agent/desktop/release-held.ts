import { releaseHeldX11 } from './x11/release-held.ts'

/**
 * For the process that outlives the agent: releases every key and button that injected input left down, and takes
 * back what else it left. Soon over and never rejects, whether or not there is anything to do.
 */
export async function releaseHeld(): Promise<void> {
  if (process.platform === 'linux') await releaseHeldX11()
  if (process.platform === 'win32') await releaseOnWindows().catch(() => {})
}

async function releaseOnWindows(): Promise<void> {
  // Loads libraries that only Windows has.
  const { releaseHeld: release } = await import('./windows/release-held.ts')
  release()
}
