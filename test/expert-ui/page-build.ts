import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, mergeConfig } from 'vite'
import shipped from '../../expert-ui/vite.config.ts'

/** Builds the page around the fake session, with the shipped page's own settings, into a folder of its own. */
export async function buildTestPage(): Promise<{ folder: string; remove: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'lotse-expert-page-'))
  await build(
    mergeConfig(shipped, {
      configFile: false,
      logLevel: 'error',
      root: fileURLToPath(new URL('./page', import.meta.url)),
      publicDir: fileURLToPath(new URL('../../expert-ui/public', import.meta.url)),
      build: { outDir: folder },
    }),
  )
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) }
}
