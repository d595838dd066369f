import { spawnSync } from 'node:child_process'
import t from 'tap'
import { findings, projectFiles, ROOT, readProjectFile } from './tree.ts'

const MAX_LINES = 250
const CODE = /\.(ts|mjs|js|svelte|css|html|sh)$/
/** Names that say nothing about what is inside, so that anything lands there. */
const CATCH_ALL = /(^|\/)(utils?|commons?|helpers?|shared|misc|types)(\.[^/]*)?(\/|$)/
const REEXPORT = /^export\s+(type\s+)?(\*|\{[^}]*\})[^'"\n]*\sfrom\s/gm
const isText = (path: string) => !/\.(png|ico|woff2?|webp|gz|wasm)$/.test(path)

const files = projectFiles()

t.test(`[H5] no file of code has more than ${MAX_LINES} lines`, async (t) => {
  const long = files
    .filter((path) => CODE.test(path) && !path.endsWith('.d.ts'))
    .map((path) => ({ path, lines: readProjectFile(path).split('\n').length - 1 }))
    .filter(({ lines }) => lines > MAX_LINES)
  t.same(
    long.map(({ path, lines }) => `${path}: ${lines} lines`),
    [],
  )
})

t.test('[H5] every name says what is inside', async (t) => {
  t.same(
    files.filter((path) => CATCH_ALL.test(path)),
    [],
  )
})

t.test('[H5] no file only passes on what others export', async (t) => {
  const code = files.filter((path) => /\.(ts|mjs|js)$/.test(path))
  t.same(
    code.flatMap((path) => findings(path, readProjectFile(path), REEXPORT)),
    [],
  )
})

t.test('[H5] nothing in the project belongs to one machine or one mirror', async (t) => {
  // Written apart, so that this file does not find itself.
  const folders = ['work', 'root', 'home/[a-z]'].map((name) => `(?<![\\w.*])/${name}/`)
  const machine = new RegExp(
    [...folders, '\\bregistry\\s*=', '_auth' + 'Token', '_CACHE_' + 'DIR='].join('|'),
    'g',
  )
  t.same(
    files.filter((path) => isText(path)).flatMap((path) => findings(path, readProjectFile(path), machine)),
    [],
  )
  const lock = JSON.parse(readProjectFile('package-lock.json')) as { packages: Record<string, object> }
  t.same(
    Object.entries(lock.packages)
      .filter(([, locked]) => 'resolved' in locked)
      .map(([path]) => path),
    [],
    'package-lock.json holds no download address (npm: omit-lockfile-registry-resolved)',
  )
})

t.test(
  '[H6] package-lock.json belongs to package.json, and what is allowed to run at install exists',
  async (t) => {
    const wanted = JSON.parse(readProjectFile('package.json'))
    const locked = JSON.parse(readProjectFile('package-lock.json')).packages
    t.same(locked[''].dependencies, wanted.dependencies)
    t.same(locked[''].devDependencies, wanted.devDependencies)
    for (const name of Object.keys(wanted.allowScripts))
      t.ok(locked[`node_modules/${name}`]?.hasInstallScript, `${name} has an install script`)
    // Offline: where the lock file is whole, npm has nothing to ask.
    const { status, stderr } = spawnSync('npm', ['ci', '--dry-run', '--offline'], {
      cwd: ROOT,
      encoding: 'utf8',
    })
    t.equal(status, 0, 'npm ci takes package-lock.json', { stderr })
  },
)
