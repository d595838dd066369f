import t from 'tap'
import { findings, projectFiles, readProjectFile } from './tree.ts'

const RULE = /^- ([A-Z]\d+) /gm
/** `[T1]` or `[N1, N2]`, as tests and comments name rules. */
const NAMED = /\[([A-Z]\d{1,2}(?:, [A-Z]\d{1,2})*)\]/g
const TEST_NAME = /\bt\.test\(\s*(['"`])((?:\\.|(?!\1)[^\\])*)\1/g

const rules = [...readProjectFile('docs/SPEC.md').matchAll(RULE)].map(([, id]) => id!)
const known = new Set(rules)
const tests = projectFiles().filter((path) => /^test\/.*\.test\.ts$/.test(path))
const idsIn = (text: string) => [...text.matchAll(NAMED)].flatMap(([, ids]) => ids!.split(', '))
const testNames = tests.flatMap((path) =>
  [...readProjectFile(path).matchAll(TEST_NAME)].map(([, , name]) => name!),
)

t.test('[H3] every rule has one id, counted up from 1 in its group', async (t) => {
  const groups = new Map<string, number[]>()
  for (const id of rules) groups.set(id[0]!, [...(groups.get(id[0]!) ?? []), Number(id.slice(1))])
  t.ok(groups.size > 5, 'the rules are found')
  for (const [group, numbers] of groups) {
    t.same(
      numbers,
      numbers.map((_, index) => index + 1),
      `group ${group}`,
    )
  }
})

t.test('[H3] every id that a test, a comment or a document names is in SPEC.md', async (t) => {
  const readers = projectFiles().filter((path) => /\.(ts|mjs|svelte|md)$/.test(path))
  const unknown = readers.flatMap((path) =>
    findings(path, readProjectFile(path), NAMED).filter((found) => idsIn(found).some((id) => !known.has(id))),
  )
  t.same(unknown, [])
})

t.test('[H3] tests name the rules they prove', async (t) => {
  const proved = new Set(testNames.flatMap(idsIn))
  t.comment(`rules that no test names yet: ${rules.filter((id) => !proved.has(id)).join(' ') || 'none'}`)
  t.ok(proved.has('H3'), 'the names of tests are found')
})
