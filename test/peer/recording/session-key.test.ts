import t from 'tap'
import { readIdentityFile } from '../../../peer/recording/identity-file.ts'
import { KeysMissing, makeSessionKey, openSessionKey } from '../../../peer/recording/session-key.ts'
import { type HeldKey, makeKey } from '../../fixtures/recording.ts'

const groups = async () => {
  const [a1, a2, a3, b1, b2, stranger] = await Promise.all(
    ['a1', 'a2', 'a3', 'b1', 'b2', 'stranger'].map(makeKey),
  )
  return { a: [a1!, a2!, a3!], b: [b1!, b2!], stranger: stranger! }
}
const identities = (...keys: HeldKey[]) => keys.map(({ identity }) => identity)

t.test('[R4] any key of group A with any key of group B opens, in any order', async (t) => {
  const { a, b, stranger } = await groups()
  const { key, wraps } = await makeSessionKey({ groupA: a.map((k) => k.key), groupB: b.map((k) => k.key) })
  t.equal(key.length, 32)
  for (const one of a) {
    for (const other of b) {
      t.same(await openSessionKey(wraps, identities(one, other)), key)
      t.same(await openSessionKey(wraps, identities(stranger, other, one)), key)
    }
  }
})

t.test('[R4] every single key and every pair of one group fails and names the missing group', async (t) => {
  const { a, b, stranger } = await groups()
  const { wraps } = await makeSessionKey({ groupA: a.map((k) => k.key), groupB: b.map((k) => k.key) })
  const missing = async (keys: HeldKey[]) => {
    const error = await openSessionKey(wraps, identities(...keys)).then(
      () => undefined,
      (thrown: unknown) => thrown,
    )
    t.ok(error instanceof KeysMissing)
    return (error as KeysMissing).groups
  }
  for (const one of a) t.same(await missing([one]), ['B'])
  for (const one of b) t.same(await missing([one]), ['A'])
  for (const one of a) for (const other of a) t.same(await missing([one, other]), ['B'])
  for (const one of b) for (const other of b) t.same(await missing([one, other]), ['A'])
  t.same(await missing([]), ['A', 'B'])
  t.same(await missing([stranger]), ['A', 'B'])
  await t.rejects(openSessionKey(wraps, identities(...a)), {
    message: /None of the given keys is a key of group B .* one with a key of group A and one .* group B/,
  })
})

t.test(
  '[R4] half of the key says nothing: with one half known, every K is as likely as before',
  async (t) => {
    const draws: Uint8Array[] = []
    const { a, b } = await groups()
    const { key } = await makeSessionKey({ groupA: [a[0]!.key], groupB: [b[0]!.key] }, (count) => {
      const bytes = crypto.getRandomValues(new Uint8Array(count))
      draws.push(bytes.slice())
      return bytes
    })
    const [drawnKey, drawnFirst] = draws
    t.same(key, drawnKey)
    t.notSame(drawnFirst, key, 'K1 is drawn by itself and is not derived from K')
  },
)

t.test('[R4] one key in both groups, or an empty group, makes no recording', async (t) => {
  const { a, b } = await groups()
  const groupA = [a[0]!.key, a[1]!.key]
  await t.rejects(makeSessionKey({ groupA, groupB: [b[0]!.key, a[1]!.key] }), /stands in both groups/)
  await t.rejects(makeSessionKey({ groupA, groupB: [] }), /at least one key/)
})

t.test('[R4] text that is no key is told from a key that does not fit', async (t) => {
  const { a, b } = await groups()
  const { wraps } = await makeSessionKey({ groupA: [a[0]!.key], groupB: [b[0]!.key] })
  await t.rejects(openSessionKey(wraps, ['AGE-SECRET-KEY-1NONSENSE']), /is no age key/)
  await t.rejects(openSessionKey(wraps, ['hello']), /is no age key/)
})

t.test('a key file is one key with comments around it', async (t) => {
  const { identity } = await makeKey('x')
  t.equal(readIdentityFile(`# service lead\r\n\n  ${identity}\n# end\n`), identity)
  t.throws(() => readIdentityFile('# only a comment\n'), /expected one key in the file, found 0/)
  t.throws(() => readIdentityFile(`${identity}\n${identity}\n`), /found 2/)
  t.throws(() => readIdentityFile('age1qqqq\n'), /does not begin with AGE-SECRET-KEY-1/)
})
