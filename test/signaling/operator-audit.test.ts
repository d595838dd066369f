import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { generateX25519Identity, identityToRecipient } from 'age-encryption'
import t from 'tap'
import { verifyAuditFile } from '../../recorder/audit-file.ts'
import { readConfig } from '../../signaling/config.ts'
import { dataFolder } from '../../signaling/data-folder.ts'
import { runOperator } from '../../signaling/operator/commands.ts'
import { HELP } from '../../signaling/operator/help.ts'
import { openStore } from '../../store/store.ts'
import { auditEvents } from './audit-lines.ts'

function operatorOf(folder: string) {
  const env = { LOTSE_DATA: folder, LOTSE_ORIGIN: 'https://help.example.org' }
  const run = async (args: string[], input = '') => {
    let [out, err] = ['', '']
    const code = await runOperator(args, {
      env,
      readInput: async () => input,
      print: (text) => {
        out += text
      },
      complain: (text) => {
        err += text
      },
    })
    return { code, out, err }
  }
  return { run, config: readConfig(env) }
}

const RECIPIENT = await identityToRecipient(await generateX25519Identity())

/** How each command is given, what its line holds of that, and what it must not hold. */
const COMMANDS: Record<string, { args: string[]; given: object }> = {
  'add-expert': {
    args: ['Anna Berg', '--team', 'IT', '--password-stdin'],
    given: { name: 'Anna Berg', team: 'IT' },
  },
  'add-auditor': { args: ['Bodo', '--password-stdin'], given: { name: 'Bodo' } },
  'disable-account': { args: ['anna berg'], given: { name: 'anna berg' } },
  'list-accounts': { args: [], given: {} },
  // Of the policy the log tells more when the service follows a new one.
  'make-recording-keys': { args: ['--retention-days', '30', '--force'], given: {} },
  'add-recording-key': {
    args: ['--group', 'A', '--label', 'Carla', '--recipient', RECIPIENT],
    given: {},
  },
  'retire-recording-key': { args: [RECIPIENT], given: {} },
  'change-policy': { args: ['--retention-days', '60'], given: {} },
  'show-policy': { args: [], given: {} },
  'export-audit-log': { args: [], given: {} },
}

t.test('[R7] every command of the operator becomes a line, with nothing secret in it', async (t) => {
  const { run, config } = operatorOf(t.testdir())
  const named = [...HELP.matchAll(/^ {2}(?!npm )([a-z][a-z-]+)/gm)].map(([, command]) => command!)
  t.same(named.toSorted(), Object.keys(COMMANDS).toSorted(), 'the help names these commands')
  for (const [command, { args }] of Object.entries(COMMANDS))
    t.match(await run([command, ...args], 'a long enough one\n'), { code: 0 }, command)
  const events = await auditEvents(config)
  t.same(
    events,
    Object.entries(COMMANDS).map(([command, { given }]) => ({ t: 'operator', command, given })),
  )
  t.notMatch(JSON.stringify(events), /long enough/)
  await run(['--help'])
  await run(['frobnicate'])
  t.equal((await auditEvents(config)).length, events.length, 'what is no command has no line')
  await run(['disable-account', 'nobody'])
  t.match((await auditEvents(config)).at(-1), { given: { name: 'nobody' } }, 'what is then refused has one')
})

t.test('[R7] without its line no command does anything, and says why', async (t) => {
  const folder = t.testdir()
  const { run, config } = operatorOf(folder)
  await run(['add-expert', 'Anna Berg'])
  const store = await openStore(dataFolder(config.dataFolder).database)
  t.teardown(() => store.close())
  await store.run((db) => db.raw('BEGIN EXCLUSIVE'))
  const refused = await run(['make-recording-keys'])
  t.match(refused, {
    code: 1,
    out: '',
    err: /The audit log cannot be written \(SQLITE_BUSY\), so nothing was done/,
  })
  await store.run((db) => db.raw('ROLLBACK'))
  t.throws(() => statSync(dataFolder(folder).policy), { code: 'ENOENT' })
  t.match(await run(['make-recording-keys']), { code: 0 })
})

t.test(
  '[R7] the log is exported to a new file or to the output, and ends with a signed statement',
  async (t) => {
    const folder = t.testdir()
    const { run } = operatorOf(folder)
    await run(['make-recording-keys'])
    await run(['list-accounts'])
    const signed = JSON.parse(readFileSync(dataFolder(folder).policy, 'utf8'))
    const publicKey = JSON.parse(signed.document).cardKey
    const [file, second] = [join(folder, 'audit.jsonl'), join(folder, 'second.jsonl')]
    t.match(await run(['export-audit-log', '--out', file]), { code: 0, out: /The audit log is in/ })
    t.equal(statSync(file).mode & 0o777, 0o600)
    t.match(await verifyAuditFile(file, { publicKey }), { report: { ok: true, lines: 2 } })
    t.match(await run(['export-audit-log', '--out', file]), { code: 1, err: /There is a file/ })
    t.match(await run(['export-audit-log', '--out', join(folder, 'no', 'x')]), { code: 1, err: /ENOENT/ })
    const { out } = await run(['export-audit-log'])
    t.equal(out.split('\n').length, 5 + 1 + 1, 'five lines, the statement, the last line feed')
    await run(['export-audit-log', '--out', second])
    const both = await verifyAuditFile(second, { publicKey, against: file })
    t.match(both, { report: { ok: true, lines: 6 }, otherReport: { ok: true, lines: 2 } })
  },
)
