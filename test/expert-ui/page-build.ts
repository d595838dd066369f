import { fileURLToPath } from 'node:url'
import { build, mergeConfig } from 'vite'
import shipped from '../../expert-ui/vite.config.ts'
import { cachedBuild } from '../fixtures/cached-build.ts'

const SOURCES = [
  'expert-ui',
  'protocol',
  'peer',
  'i18n',
  'test/expert-ui/page',
  'test/expert-ui/fake-session.ts',
]

/** Builds the page around the fake session, with the shipped page's own settings. */
export async function buildTestPage(): Promise<{ folder: string }> {
  const folder = await cachedBuild('expert-test-page', SOURCES, (outDir) =>
    build(
      mergeConfig(shipped, {
        configFile: false,
        logLevel: 'error',
        root: fileURLToPath(new URL('./page', import.meta.url)),
        publicDir: fileURLToPath(new URL('../../expert-ui/public', import.meta.url)),
        build: { outDir },
      }),
    ),
  )
  return { folder }
}
