import { builtinModules } from 'node:module'
import t from 'tap'
import { allImports, computedImportsOf, type Import, importsOf } from './imports.ts'
import { projectFiles, readProjectFile } from './tree.ts'

/** For each room: the rooms it may import from, besides itself. Rooms that are not named may import all. */
const ARROWS: Record<string, readonly string[]> = {
  protocol: [],
  i18n: [],
  peer: ['protocol'],
  store: ['protocol'],
  signaling: ['protocol', 'store'],
  recorder: ['protocol', 'peer', 'store'],
  'peer-agent': ['protocol', 'peer', 'i18n'],
  'expert-ui': ['protocol', 'peer', 'i18n'],
}
/** Rooms that also run in a browser: nothing of Node in them, but for the files named here. */
const BROWSER_ROOMS = ['protocol', 'peer', 'i18n', 'expert-ui', 'peer-agent/window/page']
const NODE_ONLY_FILES = [/\/vite\.config\.ts$/, /\/svelte\.config\.js$/]
/** What runs in production must not need a development dependency. */
const PRODUCTION_ROOMS = ['protocol', 'peer', 'store', 'signaling', 'recorder', 'peer-agent']
const SERVER_ROOMS = ['protocol', 'peer', 'store', 'signaling', 'recorder']
const PAGE_FOLDERS = ['expert-ui/', 'peer-agent/window/page/']
/** These run before `npm ci`. */
const BARE_MACHINE = ['deploy/setup.mjs', 'deploy/test.mjs', 'deploy/demo.mjs', 'deploy/start.mjs']

const imports = allImports()
const files = projectFiles()
const roomOf = (path: string) => path.split('/')[0]!
const show = ({ file, line, specifier }: Import) => `${file}:${line} imports ${specifier}`
const isIn = (path: string, folders: readonly string[]) =>
  folders.some((folder) => path.startsWith(folder.endsWith('/') ? folder : `${folder}/`))
const isForNode = (packageName: string) =>
  packageName.startsWith('node:') || builtinModules.includes(packageName)
const importersOf = (packageName: string) => [
  ...new Set(
    imports
      .filter((found) => found.packageName === packageName && !found.file.endsWith('.d.ts'))
      .map(({ file }) => file)
      .filter((file) => !isIn(file, ['test', 'bench', 'deploy'])),
  ),
]

t.test('[H1] imports follow the arrows between the rooms', async (t) => {
  const against = imports.filter(({ file, ownFile }) => {
    const allowed = ARROWS[roomOf(file)]
    if (!allowed || ownFile === null) return false
    return roomOf(ownFile) !== roomOf(file) && !allowed.includes(roomOf(ownFile))
  })
  t.same(against.map(show), [])
})

t.test('[H1] the words of the protocol need only typebox', async (t) => {
  const foreign = imports.filter(
    ({ file, packageName }) =>
      roomOf(file) === 'protocol' && packageName !== null && packageName !== 'typebox',
  )
  t.same(foreign.map(show), [])
})

t.test('[H1] what runs in a browser imports nothing of Node', async (t) => {
  const foreign = imports.filter(
    ({ file, packageName }) =>
      isIn(file, BROWSER_ROOMS) &&
      !NODE_ONLY_FILES.some((pattern) => pattern.test(file)) &&
      packageName !== null &&
      isForNode(packageName),
  )
  t.same(foreign.map(show), [])
})

t.test(
  '[H1] one file knows simple-peer, one wrtc, one sqlite3, one koffi, and only the store knows SQL',
  async (t) => {
    for (const name of ['simple-peer', 'wrtc', 'sqlite3', 'koffi']) {
      const knowing = importersOf(name)
      t.ok(knowing.length <= 1, `${name} is known by one file at most`, { knowing })
    }
    for (const name of ['knex', 'sqlite3', 'pg']) {
      t.same(
        importersOf(name).filter((file) => roomOf(file) !== 'store'),
        [],
        `only store/ imports ${name}`,
      )
    }
  },
)

t.test('[S3] nothing that runs on a server can start a program', async (t) => {
  const starters = ['node:child_process', 'node:cluster', 'node:vm']
  const found = imports.filter(
    ({ file, packageName }) =>
      isIn(file, SERVER_ROOMS) && starters.includes(`node:${packageName?.replace('node:', '')}`),
  )
  t.same(found.map(show), [])
})

t.test('[H1] every import names a file that is there, and no import is computed', async (t) => {
  const known = new Set(files)
  const lost = imports.filter(({ ownFile }) => ownFile !== null && !known.has(ownFile))
  t.same(lost.map(show), [])
  const computed = files
    .filter((file) => /\.(ts|mjs|svelte)$/.test(file) && ARROWS[roomOf(file)] !== undefined)
    .flatMap((file) => computedImportsOf(file))
  t.same(computed, [])
})

t.test('[H1] every package is declared, and production needs no development dependency', async (t) => {
  const { dependencies, devDependencies } = JSON.parse(readProjectFile('package.json'))
  const foreign = imports.filter(({ packageName }) => packageName !== null && !isForNode(packageName))
  const undeclared = foreign.filter(
    ({ packageName }) => !(packageName! in dependencies) && !(packageName! in devDependencies),
  )
  t.same(undeclared.map(show), [])
  const onlyForDevelopment = foreign.filter(
    ({ file, packageName }) =>
      isIn(file, PRODUCTION_ROOMS) && !isIn(file, PAGE_FOLDERS) && !(packageName! in dependencies),
  )
  t.same(onlyForDevelopment.map(show), [])
})

t.test('[H6] what runs on a bare machine needs nothing from npm at its start', async (t) => {
  for (const start of BARE_MACHINE.filter((file) => files.includes(file))) {
    const seen = new Set([start])
    for (const file of seen) {
      for (const found of imports.filter((candidate) => candidate.file === file && !candidate.isDynamic)) {
        if (found.ownFile) seen.add(found.ownFile)
        else t.ok(isForNode(found.packageName!), `${start}: ${show(found)}`)
      }
    }
  }
})

t.test('[H1] the reader of imports sees every kind of import', async (t) => {
  const text = `
    import a from './a.ts'
    import type { B } from '../protocol/b.ts'
    export * from './c.ts'
    const d = await import('./d.ts')
    new Worker(new ${'URL'}('./e.ts', import.meta.url))
    // import f from './f.ts'
    const g = "import g from './g.ts'"
    import '@scope/name/deep.js'`
  const seen = importsOf('peer/x.ts', text)
  t.same(
    seen
      .map(({ ownFile, packageName, line }) => [ownFile ?? packageName, line])
      .sort((a, b) => +a[1]! - +b[1]!),
    [
      ['peer/a.ts', 2],
      ['protocol/b.ts', 3],
      ['peer/c.ts', 4],
      ['peer/d.ts', 5],
      ['peer/e.ts', 6],
      ['@scope/name', 9],
    ],
  )
  const svelte = importsOf(
    'expert-ui/x.svelte',
    `<p>hi</p>\n<script lang="ts">\nimport z from '../peer/z.ts'\n</script>`,
  )
  t.match(svelte, [{ ownFile: 'peer/z.ts', line: 3 }])
  t.same(computedImportsOf('peer/x.ts', 'await import(name)\nawait import("./y.ts")'), [
    'peer/x.ts:1: import(name)',
  ])
})
