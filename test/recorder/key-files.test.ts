import { type SpawnSyncReturns, spawn, spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { identityToRecipient } from 'age-encryption'
import t, { type Test } from 'tap'
import { openIdentityFile, readIdentityFile } from '../../peer/recording/identity-file.ts'
import { RecordingWriter } from '../../peer/recording/writer.ts'
import { Vault } from '../../recorder/vault.ts'
import { openingOf, policyOf, SESSION, STARTED_AT_MS } from '../fixtures/recording.ts'

const PASSPHRASE = 'Möwe Kiel Anker Tau 7'
const OTHER = 'ein ganz anderer Satz, Nr. 2'

const command = (program: string, args: readonly string[]) => [
  process.execPath,
  '--import',
  'tsx',
  fileURLToPath(new URL(`../../recorder/${program}.ts`, import.meta.url)),
  ...args,
]

function run(program: string, args: readonly string[], input = ''): SpawnSyncReturns<string> {
  const [file, ...rest] = command(program, args)
  return spawnSync(file!, rest, { encoding: 'utf8', input })
}

/** Runs it on a terminal of its own, answers each question in turn, and returns all that the terminal showed. */
async function onTerminal(program: string, args: readonly string[], answers: readonly [RegExp, string][]) {
  const quoted = command(program, args).map((part) => `'${part}'`)
  const child = spawn('script', ['--quiet', '--return', '--command', quoted.join(' '), '/dev/null'])
  let shown = ''
  let answeredUpTo = 0
  const left = [...answers]
  child.stdout.on('data', (chunk: Buffer) => {
    shown += chunk
    const at = left[0] ? shown.slice(answeredUpTo).search(left[0][0]) : -1
    if (at < 0) return
    answeredUpTo = shown.length
    child.stdin.write(left.shift()![1])
  })
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  return { code, shown, unanswered: left.length }
}

const recipientIn = (out: string) => /^ {2}(age1[a-z0-9]{58})$/m.exec(out)![1]!

t.test(
  '[R4] an auditor makes a key; the public half is shown, the secret half lies in its file',
  async (t) => {
    const folder = t.testdir()
    const out = join(folder, 'erika.key')
    const made = run('make-group-key', ['--label', 'Erika Müßtermann', '--out', out])
    t.equal(made.status, 0, made.stderr)
    const recipient = recipientIn(made.stdout)
    t.equal(await identityToRecipient(readIdentityFile(readFileSync(out, 'utf8'))), recipient)
    t.match(readFileSync(out, 'utf8'), `# label: Erika Müßtermann\n# recipient: ${recipient}\n`)
    t.equal(statSync(out).mode & 0o777, 0o600)
    t.notMatch(made.stdout + made.stderr, /AGE-SECRET-KEY/)
    t.match(made.stdout, `\n  ${recipient.slice(4, 8)} ${recipient.slice(8, 12)} `, 'letters to read out')

    const before = readFileSync(out, 'utf8')
    const again = run('make-group-key', ['--label', 'Erika', '--out', out])
    t.match(again, { status: 2, stdout: '', stderr: /never overwritten/ })
    t.equal(readFileSync(out, 'utf8'), before)
    for (const label of ['', 'a\nAGE-SECRET-KEY-1X', 'x'.repeat(81)])
      t.match(run('make-group-key', ['--label', label, '--out', join(folder, 'x')]), { status: 2 }, label)
    t.match(run('make-group-key', ['--out', join(folder, 'x')]).stderr, /Say with --label/)
    const nowhere = run('make-group-key', ['--label', 'E', '--out', join(folder, 'no', 'x')])
    t.match(nowhere, { status: 2, stderr: /can't be written \(ENOENT\)/ })
    t.same(readdirSync(folder), ['erika.key'])
  },
)

t.test('[R4] on a terminal the passphrase is asked twice and never shown', async (t) => {
  const out = join(t.testdir(), 'erika.key')
  const args = ['--label', 'Erika', '--out', out, '--passphrase']
  const differing = await onTerminal('make-group-key', args, [
    [/Passphrase for the new key: $/, `${PASSPHRASE}\r`],
    [/The same again: $/, `${OTHER}\r`],
  ])
  t.match(differing, { code: 2, shown: /The two were not the same/, unanswered: 0 })
  const gone = await onTerminal('make-group-key', args, [[/new key: $/, '\u0003']])
  t.match(gone, { code: 2, shown: /No passphrase was given/ }, 'Ctrl-C ends it')
  const weak = await onTerminal('make-group-key', args, [[/new key: $/, 'geheim\r']])
  t.match(weak, { code: 2, shown: /at least 15 characters/ })
  const made = await onTerminal('make-group-key', args, [
    [/new key: $/, `x\u007f${PASSPHRASE}\r`],
    [/again: $/, `${PASSPHRASE}\r`],
  ])
  t.match(made, { code: 0, unanswered: 0 }, made.shown)
  for (const { shown } of [differing, gone, weak, made]) t.notMatch(shown, /Möwe|anderer Satz|geheim/)
  const identity = await openIdentityFile(readFileSync(out, 'utf8'), PASSPHRASE)
  t.equal(await identityToRecipient(identity), recipientIn(made.shown.replaceAll('\r', '')))
})

/** A recording that two keys of their holders' making open. */
async function recorded(t: Test) {
  const folder = t.testdir()
  const key = (name: string, input?: string) => {
    const file = join(folder, `${name}.key`)
    const protection = input === undefined ? [] : ['--passphrase-stdin']
    const made = run('make-group-key', ['--label', name, '--out', file, ...protection], input)
    t.equal(made.status, 0, made.stderr)
    return { file, key: { label: name, recipient: recipientIn(made.stdout) }, identity: '' }
  }
  const [a, b] = [key('a', `${PASSPHRASE}\n`), key('b', `${OTHER}\r\n`)]
  const policy = policyOf([a], [b])
  const writer = await RecordingWriter.begin({
    sessionId: SESSION,
    policy,
    agent: 'test',
    now: () => STARTED_AT_MS,
  })
  writer.append('chat', { t: 'chat', from: 'expert', text: 'Guten Tag' })
  writer.close()
  const directory = join(folder, 'data', 'recorder', 'vault')
  mkdirSync(directory, { recursive: true })
  const keysDirectory = join(folder, 'data', 'recorder', 'expiry-keys')
  const vault = new Vault({ directory, keysDirectory, now: Date.now, floorBytes: 0 })
  const { header, wraps } = openingOf(writer)
  const file = await vault.open(SESSION, header, wraps)
  for (const { seq, bytes } of writer.unacknowledgedFrom(1)) await file.append(seq, bytes)
  await vault.close()
  const args = (out: string) => [
    ...[SESSION, '--data', join(folder, 'data'), '--out', join(folder, out)],
    ...['--key', a.file, '--key', b.file],
  ]
  return { folder, args, chat: (out: string) => readFileSync(join(folder, out, 'events.txt'), 'utf8') }
}

t.test('[R4] a recording opens with protected keys, one passphrase after the other', async (t) => {
  const { folder, args, chat } = await recorded(t)
  const piped = run('reconstruct', [...args('piped'), '--passphrase-stdin'], `${PASSPHRASE}\n${OTHER}\n`)
  t.match(piped, { status: 0, stdout: /The chain is whole/ }, piped.stderr)
  t.match(chat('piped'), 'Guten Tag')

  const none = run('reconstruct', [...args('none'), '--passphrase-stdin'])
  t.match(none, { status: 2, stderr: /holds no passphrase for this key/ })
  t.match(run('reconstruct', args('none')), { status: 2, stderr: /no terminal to ask/ })

  const typed = await onTerminal('reconstruct', args('typed'), [
    [/a\.key: $/, `${OTHER}\r`],
    [/does not open it[\s\S]*a\.key: $/, `${PASSPHRASE}\r`],
    [/b\.key: $/, `${OTHER}\r`],
  ])
  t.match(typed, { code: 0, unanswered: 0, shown: /The chain is whole/ }, typed.shown)
  t.notMatch(typed.shown, /Möwe|anderer Satz/)

  writeFileSync(join(folder, 'a.key'), '# passkey: AGE-PLUGIN\n-----BEGIN AGE ENCRYPTED FILE-----\nx\n')
  t.match(run('reconstruct', args('broken')), {
    status: 2,
    stderr: /a\.key cannot be used: the key file is damaged/,
  })
})
