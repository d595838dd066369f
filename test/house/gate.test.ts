import t from 'tap'
import { allImports } from './imports.ts'
import { projectFiles, readProjectFile } from './tree.ts'

const PORT = 'peer-agent/desktop/injector.ts'
const OPENER = 'peer-agent/desktop/open-injector.ts'
const GATE = 'peer-agent/control/gate.ts'

const imports = allImports()
const isOurs = (file: string) => !/^(test|bench|deploy)\//.test(file)
const importersOf = (own: string) => [
  ...new Set(imports.filter(({ file, ownFile }) => ownFile === own && isOurs(file)).map(({ file }) => file)),
]

t.test('[K1] the gate alone knows the injector, besides what implements it', async (t) => {
  const knowing = importersOf(PORT).filter((file) => !file.startsWith('peer-agent/desktop/'))
  t.same(knowing, [GATE])
})

t.test(
  '[K1] what opens an injector is known only where the agent is put together, which hands it to the gate',
  async (t) => {
    t.same(importersOf(OPENER), ['peer-agent/agent-process.ts'])
    const text = readProjectFile('peer-agent/agent-process.ts')
    t.match(text, /Gate\.start\(\{ openInjector,/)
    t.equal(text.match(/openInjector/g)!.length, 2, 'imported once, handed over once')
  },
)

t.test('[K1] each injector is known to its opener alone', async (t) => {
  const implementations = projectFiles().filter((file) =>
    /^peer-agent\/desktop\/(x11|windows|macos)\/injector\.ts$/.test(file),
  )
  t.ok(implementations.includes('peer-agent/desktop/x11/injector.ts'))
  for (const file of implementations)
    t.same(
      importersOf(file).filter((importer) => importer !== OPENER),
      [],
      file,
    )
})

t.test('[K1] only the injector speaks to what injects', async (t) => {
  const means = /extension\('xtest'\)|\bFakeInput\b|\bSendInput\b/
  const speaking = projectFiles().filter(
    (file) => file.startsWith('peer-agent/') && file.endsWith('.ts') && means.test(readProjectFile(file)),
  )
  const allowed = /^peer-agent\/desktop\/(x11|windows)\/|\.d\.ts$/
  t.same(
    speaking.filter((file) => !allowed.test(file)),
    [],
  )
  t.ok(speaking.length > 0, 'the test can tell')
})
