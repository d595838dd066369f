import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { identityToRecipient } from 'age-encryption'
import t from 'tap'
import { SIGNING_CONTEXT } from '../../protocol/identity.ts'
import { dataFolder } from '../../signaling/data-folder.ts'
import { publicKeyOf, signatureHolds, signingKey } from '../../signaling/keys/ed25519.ts'
import { x25519PublicKey } from '../../signaling/keys/x25519.ts'
import { runOperator } from '../../signaling/operator/commands.ts'
import { operatorOf } from './operator-line.ts'
import { startService } from './running-service.ts'

t.test('[S3] accounts are made on the command line', async (t) => {
  const operator = operatorOf(t.testdir())
  const drawn = await operator(['add-expert', 'Anna Berg', '--team', 'IT'])
  t.equal(drawn.code, 0)
  t.match(drawn.out, /^ {2}[a-z2-9]{4}(-[a-z2-9]{4}){3}$/m, 'a password to read aloud')
  t.same(await operator(['add-expert', 'Bo', '--password-stdin'], 'a long enough one\n'), {
    code: 0,
    out: 'Bo can log in at https://help.example.org.\n',
    err: '',
  })
  t.match(await operator(['add-expert', 'anna  berg']), { code: 1, err: /There is an account named/ })
  t.match(await operator(['add-expert', 'Cy', '--password-stdin'], 'short'), { code: 1, err: /at least 12/ })
  t.match(await operator(['add-expert']), { code: 1, err: /A name is missing/ })
  t.match(await operator(['add-expert', 'Two', 'Words']), { code: 1, err: /put quotes around/ })
  t.match(await operator(['add-expert', 'x', '--admin']), { code: 1, err: /--admin/ })
  t.match(await operator(['disable-account', 'BO']), { code: 0 })
  t.match(await operator(['disable-account', 'nobody']), { code: 1, err: /There is no account named nobody/ })
  t.equal((await operator(['list-accounts'])).out, 'Anna Berg (IT)\nBo - disabled\n')
})

t.test('[S3] whoever asks for help gets it', async (t) => {
  const operator = operatorOf(t.testdir())
  const help = await operator(['--help'])
  t.equal(help.code, 0)
  for (const command of [
    'add-expert',
    'disable-account',
    'list-accounts',
    'make-recording-keys',
    'add-recording-key',
    'retire-recording-key',
    'change-policy',
    'show-policy',
  ])
    t.match(help.out, command)
  t.match(await operator([]), { code: 2, out: help.out })
  t.match(await operator(['frobnicate']), { code: 1, err: /There is no command frobnicate/ })
})

t.test('[R4] recording keys: two groups, a policy that is signed, files for their owner', async (t) => {
  const folder = t.testdir()
  const operator = operatorOf(folder)
  t.match(await operator(['show-policy']), { code: 1, err: /There is no policy yet/ })
  const made = await operator([
    ...['make-recording-keys', '--operator-name', 'Stadtwerke', '--retention-days', '30'],
    ...['--label-a', 'Service lead', '--label-b', 'Data protection'],
  ])
  t.match(made, { code: 0, err: '' })
  const files = dataFolder(folder)
  for (const file of Object.values(files).filter((path) => /key$|json$/.test(path)))
    t.equal(statSync(file).mode & 0o777, 0o600, file)
  for (const room of ['', 'signaling', 'recorder', 'operator'])
    t.equal(statSync(join(folder, room)).mode & 0o777, 0o700, room)

  const read = (file: string) => readFileSync(file, 'utf8').trim()
  const signed = JSON.parse(read(files.policy))
  const operatorKey = publicKeyOf(signingKey(read(files.operatorKey)))
  t.ok(signatureHolds(operatorKey, SIGNING_CONTEXT.policy, signed))
  t.match(made.out, operatorKey, 'the key that clients pin is shown')
  t.notMatch(made.out, /AGE-SECRET-KEY/)
  const policy = JSON.parse(signed.document)
  t.match(policy, { service: 'https://help.example.org', operatorName: 'Stadtwerke', retentionDays: 30 })
  t.equal(policy.cardKey, publicKeyOf(signingKey(read(files.cardKey))))
  t.equal(policy.recorders[0].key, x25519PublicKey(read(files.recorderKey)))
  for (const [file, group, label] of [
    [files.groupAKey, policy.groupA, 'Service lead'],
    [files.groupBKey, policy.groupB, 'Data protection'],
  ] as const) {
    const [first, second, identity] = read(file).split('\n')
    t.same([first, second], [`# label: ${label}`, `# recipient: ${group[0].recipient}`])
    t.equal(group[0].label, label)
    t.equal(await identityToRecipient(identity!), group[0].recipient)
  }
  t.match((await operator(['show-policy'])).out, /Kept for: +30 days[\s\S]*the signature holds/)
})

t.test('[C6] the operator narrows what can be granted, and a word that is no level is refused', async (t) => {
  const folder = t.testdir()
  const operator = operatorOf(folder)
  const wrong = await operator(['make-recording-keys', '--highest-level', 'root'])
  t.match(wrong, { code: 1, err: /a level is view, control or admin/ })
  t.match(await operator(['make-recording-keys', '--highest-level', 'view']), { code: 0 })
  t.match((await operator(['show-policy'])).out, /Highest level: view/)
})

t.test('[R5] whom customers ask stands in the policy, and an empty one is refused', async (t) => {
  const operator = operatorOf(t.testdir())
  t.match(await operator(['make-recording-keys', '--contact', '']), { code: 1, err: /a contact 1 to 200/ })
  t.match(await operator(['make-recording-keys', '--contact', 'datenschutz@muster.example']), { code: 0 })
  t.match((await operator(['show-policy'])).out, /Contact: +datenschutz@muster\.example/)
})

t.test('[R4] keys that are there are never overwritten', async (t) => {
  const folder = t.testdir()
  const operator = operatorOf(folder)
  await operator(['make-recording-keys'])
  const files = dataFolder(folder)
  const before = readFileSync(files.groupAKey, 'utf8')
  const refused = await operator(['make-recording-keys'])
  t.match(refused, { code: 1, out: '', err: /There are keys already[\s\S]*Nothing was changed/ })
  t.equal(readFileSync(files.groupAKey, 'utf8'), before)
  const wrong = await operator(['make-recording-keys', '--force', '--retention-days', '9999'])
  t.match(wrong, { code: 1, err: /1 to 365 days/ })
  t.ok(existsSync(files.policy), 'a refused command changes nothing')

  t.match(await operator(['make-recording-keys', '--force']), { code: 0 })
  t.not(readFileSync(files.groupAKey, 'utf8'), before)
  const kept = readdirSync(join(folder, 'operator')).filter((name) => name.startsWith('group-a.key.until-'))
  t.equal(kept.length, 1)
  t.equal(readFileSync(join(folder, 'operator', kept[0]!), 'utf8'), before, 'the old one is still there')
})

t.test('[R4] keys made beside a running service count at once', async (t) => {
  const service = await startService({ dataFolder: t.testdir(), keys: false })
  t.teardown(() => service.stop())
  const { dataFolder: folder, origin } = service.config
  const expert = await service.expert()
  expert.send({ t: 'session.open' })
  t.equal(await expert.refusal(), 'no-recording-keys')
  await runOperator(['make-recording-keys'], {
    env: { LOTSE_DATA: folder, LOTSE_ORIGIN: origin },
    readInput: async () => '',
    print: () => undefined,
    complain: () => undefined,
  })
  const secret = readFileSync(dataFolder(folder).recorderKey, 'utf8').trim()
  await service.recorder(x25519PublicKey(secret))
  await expert.ask({ t: 'session.open' }, 'session.opened')
})
