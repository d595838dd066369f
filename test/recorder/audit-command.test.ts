import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import { AUDIT_FAULTS, AuditVerifier } from '../../peer/audit/audit-verifier.ts'
import { AUDIT_GENESIS } from '../../protocol/messages/audit.ts'
import { verifyAuditCommand } from '../../recorder/audit-command.ts'
import { auditSentence } from '../../recorder/audit-verdict.ts'
import { exported, SigningService } from '../fixtures/audit-log.ts'
import { newOperator } from '../fixtures/memory-service.ts'
import { PYTHON, PYTHON_VERIFIER } from '../fixtures/python-audit.ts'

const COMMAND = fileURLToPath(new URL('../../recorder/verify.ts', import.meta.url))
const service = new SigningService()
const log = service.written(12)
const key = service.publicKey

function filesOf(t: Test) {
  const folder = t.testdir()
  const write = (name: string, content: string | Uint8Array) => {
    writeFileSync(join(folder, name), content)
    return join(folder, name)
  }
  return { folder, write, whole: write('audit.jsonl', exported(log)) }
}

async function verify(...args: string[]) {
  let [out, err] = ['', '']
  const code = await verifyAuditCommand(args, {
    print: (sentence) => {
      out += `${sentence}\n`
    },
    complain: (sentence) => {
      err += `${sentence}\n`
    },
  })
  return { code, out, err }
}

t.test(
  '[R7] a whole log is called whole; what is missing at its end or differs is told in a sentence',
  async (t) => {
    const { write, whole } = filesOf(t)
    const anchor = (seq: number) => `${seq}:${log.anchors[seq - 1]!.hash}`
    const { out, code } = await verify(
      '--audit',
      whole,
      '--key',
      key,
      '--anchor',
      anchor(3),
      '--anchor',
      anchor(12),
    )
    t.equal(code, 0)
    t.match(out, `12 lines`)
    t.match(out, anchor(12), 'the anchor to keep')

    const cut = write('cut.jsonl', exported(service.written(9, log, 9)))
    t.match(
      await verify('--audit', cut, '--key', key),
      { code: 0 },
      'signed anew by the service: nothing shows',
    )
    t.match(await verify('--audit', cut, '--key', key, '--anchor', anchor(11)), {
      code: 1,
      out: /CUT: line 10/,
    })
    t.match(await verify('--audit', cut, '--key', key, '--against', whole), { code: 0 }, 'an older export')

    const fork = write('fork.jsonl', exported(service.written(15, log, 7)))
    t.match(await verify('--audit', fork, '--key', key, '--anchor', anchor(9)), {
      code: 1,
      out: /line 9 is another/,
    })
    const two = await verify('--audit', fork, '--key', key, '--against', whole)
    t.match(two, { code: 1, out: /line 8 is another/ })
    t.match(two.out, /The other file by itself is whole: 12 lines/)
    t.match(await verify('--audit', whole, '--key', new SigningService().publicKey), {
      code: 1,
      out: /line 1 was changed, or this service did not sign it/,
    })
  },
)

t.test('[R7] the card key can come from the policy, whose signature is checked too', async (t) => {
  const { write } = filesOf(t)
  const operator = await newOperator()
  const policy = write('policy.json', JSON.stringify(operator.policy))
  const signer = new SigningService(Buffer.from(operator.card).toString('base64url'))
  const file = write('theirs.jsonl', exported(signer.written(4)))
  t.match(await verify('--audit', file, '--policy', policy), { code: 0 })
  const { operatorKey } = operator
  t.match(await verify('--audit', file, '--policy', policy, '--operator-key', operatorKey), { code: 0 })
  t.match(await verify('--audit', file, '--policy', policy, '--operator-key', key), {
    code: 2,
    err: /was not signed/,
  })
  t.match(await verify('--audit', file, '--policy', file), { code: 2, err: /is not a policy/ })
})

t.test('[R7] what cannot be checked is refused with a sentence', async (t) => {
  const { folder, whole } = filesOf(t)
  t.match(await verify(), { code: 2, err: /--audit[\s\S]*Usage/ })
  t.match(await verify('--audit', whole), { code: 2, err: /card key/ })
  t.match(await verify('--audit', whole, '--key', 'short'), { code: 2, err: /43 letters/ })
  t.match(await verify('--audit', whole, '--key', key, '--anchor', '12'), { code: 2, err: /An anchor is/ })
  t.match(await verify('--audit', whole, '--key', key, '--policy', whole), { code: 2, err: /not both/ })
  t.match(await verify('--audit', join(folder, 'none'), '--key', key), {
    code: 2,
    err: /cannot be read \(ENOENT/,
  })
  const missing = await verify('--audit', whole, '--key', key, '--against', join(folder, 'none'))
  t.match(missing, { code: 2, err: /cannot be read/ })
  t.match(await verify('--audit', folder, '--key', key), { code: 2, err: /cannot be read \(EISDIR/ })
})

t.test('[R7] both programs run on their own and end with the same code', async (t) => {
  const { write, whole } = filesOf(t)
  const broken = write('broken.jsonl', exported(log).subarray(0, -1))
  for (const [file, code] of [
    [whole, 0],
    [broken, 1],
  ] as const) {
    const args = ['--import=tsx', COMMAND, '--audit', file, '--key', key]
    t.equal(spawnSync(process.execPath, args).status, code)
    t.equal(spawnSync(PYTHON, [PYTHON_VERIFIER, file, `--key=${key}`]).status, code)
  }
})

t.test('[R7] a browser checks with the portable cryptography, and lines without an end', async (t) => {
  t.equal(AUDIT_GENESIS, createHash('sha256').update('lotse audit log v1').digest('base64url'))
  const verifier = new AuditVerifier({ publicKey: key })
  for (const line of log.lines) t.ok(verifier.take(line))
  t.match(verifier.report(), { ok: true, lines: 12, statement: null })
  const empty = new AuditVerifier({ publicKey: key, isExport: true })
  t.ok(empty.take(service.written(0).statement))
  t.match(empty.report(), { ok: true, lines: 0, head: AUDIT_GENESIS })
  for (const fault of AUDIT_FAULTS) t.match(auditSentence({ ok: false, fault, seq: 4 }), /BROKEN: .*\b[34]\b/)
})

t.test('[R7] a signature or a text in a second spelling is no line', async (t) => {
  const [line] = log.lines
  const other = (text: string) => {
    const verifier = new AuditVerifier({ publicKey: key })
    verifier.take(text)
    return verifier.report()
  }
  t.match(other(line!), { ok: true })
  const last = line!.at(-3)!
  const twin = { A: 'B', Q: 'R', g: 'h', w: 'x' }[last]!
  for (const text of [
    `${line!.slice(0, -3)}${twin}"}`,
    ` ${line}`,
    `${line} `,
    line!.replace('"document"', '"d\\u006fcument"'),
    line!.replace('}', ',"more":1}'),
    `\ufeff${line}`,
  ])
    t.match(other(text), { ok: false, fault: /malformed|bad-signature/, seq: 1 })
})
