import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { generateX25519Identity, identityToRecipient } from 'age-encryption'
import t, { type Test } from 'tap'
import { verifyPolicy } from '../../peer/signed-document.ts'
import { type ServicePolicy, SIGNING_CONTEXT, type SignedDocument } from '../../protocol/identity.ts'
import { dataFolder } from '../../signaling/data-folder.ts'
import { makeSeed, publicKeyOf, signDocument, signingKey } from '../../signaling/keys/ed25519.ts'
import { x25519PublicKey } from '../../signaling/keys/x25519.ts'
import { operatorOf } from './operator-line.ts'

const SERVICE = 'https://help.example.org'
const recipient = async () => identityToRecipient(await generateX25519Identity())

/** A ceremony whose group keys were made elsewhere, each by its holder. */
async function ceremony(t: Test) {
  const folder = t.testdir()
  const operator = operatorOf(folder)
  const [a, b] = [await recipient(), await recipient()]
  const made = await operator([
    ...['make-recording-keys', '--operator-name', 'Stadtwerke', '--label-a', 'Erika Muster'],
    ...['--recipient-a', a, '--label-b', 'Jörg Groß', '--recipient-b', b],
  ])
  t.match(made, { code: 0, err: '' })
  const files = dataFolder(folder)
  const operatorKey = publicKeyOf(signingKey(readFileSync(files.operatorKey, 'utf8').trim()))
  const signed = (): SignedDocument => JSON.parse(readFileSync(files.policy, 'utf8'))
  return {
    folder,
    operator,
    files,
    a,
    b,
    made,
    operatorKey,
    signed,
    /** As a client takes it that has pinned the first operator key. */
    policy: (): ServicePolicy => verifyPolicy(signed(), operatorKey, SERVICE),
  }
}

t.test('[R4] two people who make their keys themselves give the operator nothing secret', async (t) => {
  const { files, folder, a, b, policy, made } = await ceremony(t)
  t.notOk(existsSync(files.groupAKey) || existsSync(files.groupBKey))
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }))
    if (statSync(join(folder, name)).isFile())
      t.notMatch(readFileSync(join(folder, name), 'latin1'), /AGE-SECRET-KEY/, name)
  t.match(policy(), {
    groupA: [{ label: 'Erika Muster', recipient: a }],
    groupB: [{ label: 'Jörg Groß', recipient: b }],
  })
  t.notMatch(made.out, /group-[ab]\.key/)
})

t.test('[R4] keys are added and retired with the operator key that clients know', async (t) => {
  const { operator, files, policy, a, b, folder } = await ceremony(t)
  const first = policy().issuedAtMs
  const more = await recipient()
  const added = await operator([
    ...['add-recording-key', '--group', 'a', '--label', ' Zoe\u0308 Beispiel ', '--recipient', more],
  ])
  t.match(added, { code: 0, err: '' })
  t.match(added.out, /Added to group A: Zoë Beispiel \([a-z0-9 ]{19}\)/)
  t.match(added.out, /opens nothing of older ones/)
  t.match(added.out, more)
  t.match(added.out, /Warning: Group B has one key only/)
  t.notMatch(added.out, /Group A has one key only/)
  t.same(
    policy().groupA.map((key) => [key.label, key.recipient]),
    [
      ['Erika Muster', a],
      ['Zoë Beispiel', more],
    ],
  )
  t.ok(policy().issuedAtMs > first)
  t.equal(statSync(files.policy).mode & 0o777, 0o600)

  const retired = await operator(['retire-recording-key', a])
  t.match(retired.out, /Retired from group A: Erika Muster/)
  t.match(retired.out, /still opens\nwhat was recorded before, until that is deleted: up to 90 days/)
  t.match(retired.out, /--policy-since 20\d\d-/)
  t.same(policy().groupA, [{ label: 'Zoë Beispiel', recipient: more }])
  t.same(policy().groupB, [{ label: 'Jörg Groß', recipient: b }])
  const kept = readdirSync(join(folder, 'signaling')).filter((name) => name.startsWith('policy.json.until-'))
  t.equal(kept.length, 2, 'every policy before is kept')
  for (const name of kept) t.equal(statSync(join(folder, 'signaling', name)).mode & 0o777, 0o600)
})

t.test('[R4] no group is left empty, and no key opens alone or stands twice', async (t) => {
  const { operator, files, a, b } = await ceremony(t)
  const before = readFileSync(files.policy, 'utf8')
  const add = (group: string, key: string, label = 'X') =>
    operator(['add-recording-key', '--group', group, '--label', label, '--recipient', key])
  t.match(await operator(['retire-recording-key', a]), { code: 1, err: /only key of group A/ })
  t.match(await operator(['retire-recording-key', await recipient()]), {
    code: 1,
    err: /No group has the key/,
  })
  t.match(await add('B', a), { code: 1, err: /can't be in both groups/ })
  t.match(await add('A', a), { code: 1, err: /Group A has this key already: Erika Muster/ })
  t.match(await add('C', await recipient()), { code: 1, err: /A or B/ })
  t.match(await add('A', `${b.slice(0, -1)}${b.endsWith('q') ? 'p' : 'q'}`), { code: 1, err: /mistyped/ })
  t.match(await add('A', 'age1tooshort'), { code: 1, err: /58 small letters/ })
  t.match(await add('A', await generateX25519Identity()), { code: 1, err: /secret half/ })
  for (const label of ['', ' ', 'a\nb', '\u001b[2J', 'x\u202egpj', 'ä'.repeat(81)])
    t.match(await add('A', await recipient(), label), { code: 1, err: /A label has 1 to 80/ })
  t.match(await operator(['add-recording-key', '--group', 'A']), { code: 1, err: /needs --group, --label/ })
  t.equal(readFileSync(files.policy, 'utf8'), before, 'nothing of it changed the policy')
  t.match(await add('A', await recipient(), 'ß'.repeat(80)), { code: 0 })
  const twice = await add('B', await recipient(), 'ERIKA MUSTER')
  t.match(twice.out, /Erika Muster stands in both groups/, 'that may be one person: said, not refused')
  t.match(
    await operator(['make-recording-keys', '--force', '--recipient-a', a, '--recipient-b', a]),
    { code: 1, err: /can't be in both groups/ },
    'nor at the start',
  )
})

t.test('[R4] only the operator key that signed before signs the next policy', async (t) => {
  const { operator, files, folder, b, policy } = await ceremony(t)
  const before = readFileSync(files.policy, 'utf8')
  const stick = join(folder, 'stick.key')
  renameSync(files.operatorKey, stick)
  const more = await recipient()
  const add = ['add-recording-key', '--group', 'A', '--label', 'Neu', '--recipient', more]
  t.match(await operator(add), { code: 1, err: /Say with --operator-key where it is/ })
  const foreign = join(folder, 'foreign.key')
  writeFileSync(foreign, `${makeSeed()}\n`)
  t.match(await operator([...add, '--operator-key', foreign]), { code: 1, err: /every client would refuse/ })
  writeFileSync(foreign, 'hello')
  t.match(await operator([...add, '--operator-key', foreign]), { code: 1, err: /holds no operator key/ })
  t.equal(readFileSync(files.policy, 'utf8'), before)
  t.match(await operator([...add, '--operator-key', stick]), { code: 0 })
  t.equal(policy().groupA.length, 2)
  t.match((await operator(['show-policy'])).out, /Operator key: not on this machine, as it should be/)
  t.match((await operator(['retire-recording-key', b])).err, /only key of group B/)
})

t.test("[R4] a server can't go back to a policy that still names a stolen key", async (t) => {
  const { operator, operatorKey, signed, policy, b } = await ceremony(t)
  const stolen = signed()
  const more = ['--label', 'Neu', '--recipient', await recipient()]
  await operator(['add-recording-key', '--group', 'B', ...more])
  const { out } = await operator(['retire-recording-key', b])
  const since = Date.parse(/--policy-since (\S+),/.exec(out)![1]!)
  t.equal(since, policy().issuedAtMs, 'what is printed is what clients need')
  const verified = (document: SignedDocument, sinceMs?: number) =>
    verifyPolicy(document, operatorKey, SERVICE, sinceMs)
  t.ok(verified(stolen), 'it is genuine: signed once, for this service')
  t.throws(() => verified(stolen, since), { code: 'not-allowed' })
  t.ok(verified(signed(), since))
})

t.test('[R4] a newer policy is newer also where this clock is behind', async (t) => {
  const { operator, files, policy } = await ceremony(t)
  const future = Date.now() + 40 * 24 * 60 * 60 * 1000
  const key = signingKey(readFileSync(files.operatorKey, 'utf8').trim())
  const document = JSON.stringify({ ...policy(), issuedAtMs: future })
  writeFileSync(files.policy, JSON.stringify(signDocument(key, SIGNING_CONTEXT.policy, document)))
  t.match(await operator(['change-policy', '--retention-days', '30']), { code: 0 })
  t.equal(policy().issuedAtMs, future + 1)
})

t.test('[R6] [C6] [T4] the rest of the policy changes by name, and says what that means', async (t) => {
  const { operator, files, folder, policy } = await ceremony(t)
  const change = (...args: string[]) => operator(['change-policy', ...args])
  t.match(await change(), { code: 1, err: /what the policy says already/ })
  t.match((await change('--retention-days', '30')).out, /kept 30 days, before: 90. Older ones/)
  t.match(await change('--retention-days', '366'), { code: 1, err: /1 to 365 days/ })
  t.match(await change('--retention-days', 'soon'), { code: 1, err: /1 to 365 days/ })
  t.match((await change('--highest-level', 'view')).out, /is view now, before: not limited/)
  t.match((await change('--highest-level', 'all')).out, /is not limited now, before: view/)
  t.match(await change('--highest-level', 'root'), { code: 1, err: /view, control or/ })
  t.match((await change('--operator-name', 'Werke Süd')).out, /called Werke Süd now, before: Stadtwerke/)
  t.match(policy(), { retentionDays: 30, operatorName: 'Werke Süd', service: SERVICE })
  t.notOk('highestLevel' in policy())

  t.match(await change('--remove-recorder', 'Recorder'), { code: 1, err: /only recorder/ })
  t.match(await change('--add-recorder', 'Second'), { code: 1, err: /belong together/ })
  const keyFile = join(folder, 'second.key')
  t.match((await change('--add-recorder', 'Second', '--recorder-key', keyFile)).out, /Recorder added: Second/)
  t.equal(statSync(keyFile).mode & 0o777, 0o600)
  t.equal(policy().recorders[1]?.key, x25519PublicKey(readFileSync(keyFile, 'utf8').trim()))
  t.match(await change('--add-recorder', 'Third', '--recorder-key', keyFile), {
    code: 1,
    err: /has that key/,
  })
  const key = files.recorderKey
  t.match(await change('--add-recorder', 'Second', '--recorder-key', key), { code: 1, err: /called Second/ })
  t.match(await change('--remove-recorder', 'Nobody'), { code: 1, err: /No recorder is called/ })
  t.match((await change('--remove-recorder', 'Recorder')).out, /Recorder removed: Recorder/)
  t.same(
    policy().recorders.map(({ name }) => name),
    ['Second'],
  )
})

t.test('[R4] show-policy names people and fingerprints, and warns of keys on the server', async (t) => {
  const { operator, files, folder, a } = await ceremony(t)
  const shown = (await operator(['show-policy'])).out
  const letters = a.slice(4, 20).replace(/(.{4})(?=.)/g, '$1 ')
  t.match(shown, `Erika Muster  (${letters})\n        ${a}\n`)
  t.match(shown, /Warning: Group A has one key only[\s\S]*Warning: Group B has one key only/)
  t.notMatch(shown, /lies on the server/, 'a folder for the ceremony may hold them')

  mkdirSync(join(folder, 'signaling'), { recursive: true })
  writeFileSync(files.database, '')
  writeFileSync(join(folder, 'operator', 'erika.age'), '-----BEGIN AGE ENCRYPTED FILE-----\n')
  writeFileSync(join(folder, 'recorder', 'plain.txt'), `# x\n${await generateX25519Identity()}\n`)
  const onServer = (await operator(['show-policy'])).out
  t.match(onServer, /The operator key lies on the server/)
  t.match(onServer, /A key that opens recordings lies on the server[^\n]*erika\.age/)
  t.match(onServer, /A key that opens recordings lies on the server[^\n]*plain\.txt/)
  t.equal(onServer.match(/lies on the server/g)?.length, 3, 'and nothing else is taken for a key')
})
