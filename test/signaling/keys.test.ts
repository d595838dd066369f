import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { SIGNING_CONTEXT } from '../../protocol/identity.ts'
import {
  makeSeed,
  publicKeyOf,
  signatureHolds,
  signDocument,
  signingKey,
} from '../../signaling/keys/ed25519.ts'
import { hashPassword, PasswordCheck } from '../../signaling/keys/password.ts'
import { readOrMakeSecret, writeSecretFile } from '../../signaling/keys/secret-file.ts'
import { hashOfToken, makeSessionId, makeToken, tokenFits } from '../../signaling/keys/token.ts'
import { x25519PublicKey } from '../../signaling/keys/x25519.ts'
import { PolicyFile, parsePolicy } from '../../signaling/policy-file.ts'

const hex = (text: string) => Buffer.from(text, 'hex').toString('base64url')

t.test('[T3] keys are those of RFC 8032 and RFC 7748', async (t) => {
  const seed = hex('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60')
  t.equal(
    publicKeyOf(signingKey(seed)),
    hex('d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a'),
    'RFC 8032, 7.1, test 1',
  )
  t.equal(
    x25519PublicKey(hex('5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb')),
    hex('de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f'),
    'RFC 7748, 6.1, Bob',
  )
  t.throws(() => signingKey('short'))
  t.throws(() => x25519PublicKey('short'))
})

t.test('[T3] a signature of one kind is not one of another', async (t) => {
  const key = signingKey(makeSeed())
  const signed = signDocument(key, SIGNING_CONTEXT.card, '{"v":1}')
  t.ok(signatureHolds(publicKeyOf(key), SIGNING_CONTEXT.card, signed))
  t.notOk(signatureHolds(publicKeyOf(key), SIGNING_CONTEXT.policy, signed))
  t.notOk(signatureHolds(publicKeyOf(key), SIGNING_CONTEXT.card, { ...signed, document: '{"v":2}' }))
  t.notOk(signatureHolds(publicKeyOf(signingKey(makeSeed())), SIGNING_CONTEXT.card, signed))
})

t.test('tokens are compared by their hash', async (t) => {
  const token = makeToken()
  t.match(token, /^[\w-]{43}$/)
  t.match(makeSessionId(), /^[\w-]{22}$/)
  t.ok(tokenFits(token, hashOfToken(token)))
  t.notOk(tokenFits(token, hashOfToken(makeToken())))
  t.notOk(tokenFits(token, ''))
})

t.test('[S5] secrets lie in files of their owner, and are never replaced', async (t) => {
  const folder = t.testdir()
  const file = join(folder, 'a.key')
  const made = readOrMakeSecret(file, () => 'first')
  t.equal(made, 'first')
  t.equal(
    readOrMakeSecret(file, () => 'second'),
    'first',
  )
  t.equal(writeSecretFile(file, 'third'), 'exists')
  t.equal(readFileSync(file, 'utf8'), 'first\n')
  t.equal(statSync(file).mode & 0o777, 0o600)
  t.same(readdirSync(folder), ['a.key'], 'no draft is left')
})

t.test('a password fits its hash only, and an unknown name takes no shortcut', async (t) => {
  const check = new PasswordCheck()
  const stored = await hashPassword('größer als 12')
  t.match(stored, /^scrypt\$32768\$8\$1\$/)
  t.ok(await check.fits('größer als 12', stored))
  t.ok(await check.fits('gro\u0308ßer als 12', stored), 'typed on another keyboard')
  t.notOk(await check.fits('größer als 13', stored))
  t.notOk(await check.fits('größer als 12', null))
  const since = process.hrtime.bigint()
  await check.fits('x', null)
  t.ok(process.hrtime.bigint() - since > 10_000_000n, 'a nobody costs a whole scrypt too')
})

t.test('a flood of log-ins waits in a short queue; the rest is told to come back', async (t) => {
  const check = new PasswordCheck({ atOnce: 2, mayQueue: 2 })
  const results = await Promise.allSettled(Array.from({ length: 60 }, () => check.fits('x', null)))
  const refused = results.filter(({ status }) => status === 'rejected')
  t.equal(refused.length, 60 - 2 - 2)
  t.match(refused[0], { reason: { code: 'slow-down', retryAfterSeconds: 5 } })
  t.equal(await check.fits('x', null), false, 'and then it works again')
})

t.test('[R4] a policy that clients would refuse starts no session', async (t) => {
  const folder = t.testdir()
  mkdirSync(folder, { recursive: true })
  const file = join(folder, 'policy.json')
  const cardKey = 'C'.repeat(43)
  const content = {
    v: 1,
    service: 'https://help.example.org',
    operatorName: 'Stadtwerke',
    issuedAtMs: 1,
    retentionDays: 90,
    cardKey,
    recorders: [{ name: 'Recorder', key: 'R'.repeat(43) }],
    groupA: [{ label: 'A', recipient: `age1${'q'.repeat(58)}` }],
    groupB: [{ label: 'B', recipient: `age1${'p'.repeat(58)}` }],
  }
  const signedText = (policy: unknown) =>
    JSON.stringify({ document: JSON.stringify(policy), signature: 's'.repeat(86) })
  const expected = { origin: 'https://help.example.org', cardKey }
  t.match(parsePolicy(signedText(content), expected), { content })
  t.match(
    parsePolicy(signedText({ ...content, service: 'https://other.example' }), expected),
    /was signed for/,
  )
  t.match(parsePolicy(signedText({ ...content, cardKey: 'D'.repeat(43) }), expected), /another card key/)
  t.match(parsePolicy(signedText({ ...content, groupB: [] }), expected), /damaged/)
  t.match(parsePolicy('{', expected), /damaged/)

  const problems: string[] = []
  const policy = new PolicyFile(file, expected, (sentence) => problems.push(sentence))
  await t.rejects(policy.current(), { code: 'no-recording-keys' })
  await t.rejects(policy.current(), { code: 'no-recording-keys' })
  t.equal(problems.length, 1, 'told once, not at every request')
  writeFileSync(file, signedText(content))
  t.match(await policy.current(), { content }, 'made while the service runs')
  writeFileSync(file, '')
  await t.rejects(policy.current(), { code: 'no-recording-keys' })
  t.match(problems, [/no recording keys yet/, /damaged/])
})
