import { dirname, join } from 'node:path/posix'
import t from 'tap'
import { anchorsOf, documents, mentions } from './documents.ts'
import { projectFiles, readProjectFile } from './tree.ts'

/** Made by a command, so not in the tree. */
const MADE = /^(dist|data|node_modules|\.tap)(\/|$)/
const NPM_OWN = new Set(['ci', 'install', 'ls', 'rebuild', 'prune'])

const files = new Set(projectFiles())
const folders = new Set(
  [...files].flatMap((path) => path.split('/').map((_, depth, parts) => parts.slice(0, depth).join('/'))),
)
const rooms = [...folders].filter((path) => path !== '' && !path.includes('/'))
const scripts: Record<string, string> = JSON.parse(readProjectFile('package.json')).scripts
const show = ({ where, what }: { where: string; what: string }) => `${where}: ${what}`

t.test('[H2] README names every document', async (t) => {
  const named = new Set(mentions(/\]\(([^)\s]+)\)/g).map(({ what }) => what))
  for (const path of documents.filter((document) => document !== 'README.md')) t.ok(named.has(path), path)
})

t.test('[H2] every npm command in README and docs exists', async (t) => {
  const run = mentions(/\bnpm run ([\w:-]+)/g)
  t.ok(run.length > 0, 'commands are found')
  t.same(run.filter(({ what }) => !(what in scripts)).map(show), [])
  const plain = mentions(/(?:`|^\s*|&& )npm (?!run\b)([a-z]+)\b/g).filter(({ what }) => !NPM_OWN.has(what))
  t.same(plain.filter(({ what }) => !(what in scripts)).map(show), [])
})

t.test('[H2] every word after an operator command exists in its program', async (t) => {
  const program = /[\w./-]+\.ts$/.exec(scripts.operator ?? '')?.[0]
  t.ok(program && files.has(program), 'npm run operator names a program')
  const folder = dirname(program!)
  const source = [...files]
    .filter((path) => path.startsWith(`${folder}/`) && path.endsWith('.ts'))
    .map(readProjectFile)
    .join('\n')
  const words = mentions(/\bnpm run operator -- ([\w-]+)/g)
  t.same(words.filter(({ what }) => !source.includes(`'${what}'`)).map(show), [])
})

t.test('[H2] every path in README and docs exists', async (t) => {
  const pattern = new RegExp(`(?<![\\w./:-])((?:${[...rooms, 'dist', 'data'].join('|')})/[\\w./-]*)`, 'g')
  const named = mentions(pattern).map(({ where, what }) => ({
    where,
    what: what.replace(/[./]+$/, '').replace(/(^.*\.(ts|mjs|md|json|svelte|py))\b.*$/, '$1'),
  }))
  t.ok(named.length > 10, 'paths are found')
  t.same(named.filter(({ what }) => !MADE.test(what) && !files.has(what) && !folders.has(what)).map(show), [])
})

t.test('[H2] every link between documents leads somewhere', async (t) => {
  const links = mentions(/\]\((?!https?:|mailto:)([^)\s]+)\)/g)
  const broken = links.filter(({ where, what }) => {
    const [target = '', anchor] = what.split('#')
    const from = where.slice(0, where.indexOf(':'))
    const path = target === '' ? from : join(dirname(from), target)
    if (!files.has(path) && !folders.has(path.replace(/\/$/, ''))) return true
    return anchor !== undefined && !anchorsOf(path).has(anchor)
  })
  t.same(broken.map(show), [])
})

t.test('[H2] every environment variable that README and docs name is read somewhere', async (t) => {
  const code = [...files]
    .filter((path) => /\.(ts|mjs|yml|run)$/.test(path) && !path.startsWith('test/'))
    .map(readProjectFile)
    .join('\n')
  const named = mentions(/`(LOTSE_[A-Z0-9_]+)/g)
  t.same(named.filter(({ what }) => !code.includes(what)).map(show), [])
})
