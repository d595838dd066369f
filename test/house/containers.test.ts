import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import t from 'tap'
import { projectFiles, ROOT, readProjectFile } from './tree.ts'

const files = projectFiles()
const dockerfile = readProjectFile('Dockerfile')
const compose = readProjectFile('docker-compose.yml')
/** Variables without which the compose file refuses to be read. */
const REQUIRED = [...compose.matchAll(/\$\{([A-Z_]+):?\?/g)].map(([, name]) => name!)

/** What docker-compose makes of the file, one text for each service. Throws where it does not accept it. */
function services(): Map<string, string> {
  const environment = Object.fromEntries(
    REQUIRED.map((name) => [name, `https://${name.toLowerCase()}.example`]),
  )
  const config = execFileSync('docker-compose', ['-f', 'docker-compose.yml', 'config'], {
    cwd: ROOT,
    encoding: 'utf8',
    env: { PATH: process.env.PATH, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const section = /^services:\n([\s\S]*?)(?=^\S)/m.exec(config)?.[1] ?? ''
  return new Map(
    section
      .split(/^ {2}(?=\S)/m)
      .filter(Boolean)
      .map((text) => [text.split(':')[0]!, text]),
  )
}

t.test('[H4] docker-compose accepts the file, and each process has no privilege', async (t) => {
  const found = services()
  t.same([...found.keys()].sort(), ['recorder', 'signaling'])
  for (const [name, text] of found) {
    t.match(text, /cap_drop:\n\s+- ALL\n/, `${name} drops all capabilities`)
    t.match(text, /no-new-privileges:true/, `${name} can gain none`)
    t.match(text, /read_only: true/, `${name} writes only into its volume`)
    t.match(text, /volumes:\n\s+- \w+:\/data:rw/, `${name} has a volume of its own`)
    t.notMatch(text, /privileged: true|cap_add|docker\.sock/, `${name} asks for nothing more`)
  }
  const volumes = [...found.values()].map((text) => /- (\w+):\/data:rw/.exec(text)?.[1])
  t.equal(new Set(volumes).size, found.size, 'no volume is shared')
})

t.test('[H4] every program that the containers start is built from a source that is there', async (t) => {
  const programs = [...`${dockerfile}\n${compose}`.matchAll(/dist\/([\w/-]+)\.js/g)].map(([, path]) => path!)
  t.ok(programs.length >= 3)
  for (const program of programs) t.ok(files.includes(`${program}.ts`), `${program}.ts`)
})

t.test(
  '[H4] the image copies only what is there, builds by an npm script and does not run as root',
  async (t) => {
    const copies = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, sources]) =>
      sources!.split(' '),
    )
    t.ok(copies.length > 0)
    for (const source of copies) t.ok(existsSync(ROOT + source), `COPY ${source}`)
    const scripts = JSON.parse(readProjectFile('package.json')).scripts
    for (const [, script] of dockerfile.matchAll(/npm run ([\w:-]+)/g))
      t.ok(script! in scripts, `npm run ${script}`)
    const last = dockerfile.slice(dockerfile.lastIndexOf('\nFROM '))
    t.match(last, /^USER node$/m)
    t.match(last, /^HEALTHCHECK /m)
  },
)
