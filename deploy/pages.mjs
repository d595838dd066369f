import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { PLAIN, ROOT } from './setup.mjs'

/** The pages that are built: the expert's workplace and the customer's window. */
const CONFIGS = ['expert-ui/vite.config.ts', 'peer-agent/window/page/vite.config.ts']
/** What a page is made of besides its own folder. */
const SHARED_SOURCES = ['protocol', 'peer', 'i18n', 'peer-agent/window', 'package-lock.json']

/**
 * Builds every page whose sources are newer than what was built from them. Needs the npm packages.
 * @returns {Promise<{ name: string, log: string, isBuilt: boolean }[]>} the pages that had to be built
 */
export async function buildPages() {
  const { resolveConfig } = await import('vite')
  const built = []
  for (const config of CONFIGS.filter((path) => existsSync(join(ROOT, path)))) {
    const { root, build } = await resolveConfig(
      { configFile: join(ROOT, config), logLevel: 'silent' },
      'build',
    )
    const sources = [dirname(config), ...SHARED_SOURCES].map((path) => join(ROOT, path))
    if (newestMs(join(root, build.outDir)) > Math.max(...sources.map(newestMs))) continue
    const vite = join(ROOT, 'node_modules/vite/bin/vite.js')
    const args = [vite, 'build', '--config', config, '--logLevel', 'warn', '--emptyOutDir']
    const { status, stdout, stderr } = spawnSync(process.execPath, args, {
      cwd: ROOT,
      env: PLAIN,
      encoding: 'utf8',
    })
    built.push({ name: `build ${dirname(config)}`, log: `${stdout}${stderr}`.trim(), isBuilt: status === 0 })
  }
  return built
}

/** When anything in `path` last changed, files and folders; 0 where there is nothing. */
function newestMs(path) {
  const found = statSync(path, { throwIfNoEntry: false })
  if (!found) return 0
  if (!found.isDirectory()) return found.mtimeMs
  return Math.max(found.mtimeMs, ...readdirSync(path).map((name) => newestMs(join(path, name))))
}
