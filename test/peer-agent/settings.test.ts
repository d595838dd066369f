import t from 'tap'
import { readSettings } from '../../peer-agent/settings.ts'

const KEY = `-${'a'.repeat(42)}`
const SERVICE = ['--service', 'https://help.example.org']

t.test('an operator’s key that begins with a dash is a key', async (t) => {
  const expected = { origin: 'https://help.example.org', operatorKey: KEY }
  t.same(readSettings([...SERVICE, '--operator-key', KEY], {}), expected)
  t.same(readSettings(['--operator-key', KEY, ...SERVICE, '123 456'], {}), { ...expected, number: '123 456' })
  t.same(readSettings([...SERVICE, `--operator-key=${KEY}`], {}), expected)
  t.same(readSettings(SERVICE, { LOTSE_OPERATOR_KEY: KEY }), expected)
})

t.test('what is missing or wrong is said in a sentence', async (t) => {
  t.throws(() => readSettings(SERVICE, {}), /public key is missing/)
  t.throws(() => readSettings([...SERVICE, '--operator-key'], {}), /argument missing|is missing/)
  t.throws(() => readSettings(['--operator-key', KEY], {}), /address of the service is missing/)
  t.throws(
    () => readSettings(['--service', 'http://help.example.org', '--operator-key', KEY], {}),
    /over https/,
  )
})

t.test('[R4] a client can be told to refuse policies older than one that retired a stolen key', async (t) => {
  const since = '2026-03-01T10:15:00.500Z'
  const expected = { origin: 'https://help.example.org', operatorKey: KEY, policySinceMs: Date.parse(since) }
  t.same(readSettings([...SERVICE, '--operator-key', KEY, '--policy-since', since], {}), expected)
  t.same(readSettings(SERVICE, { LOTSE_OPERATOR_KEY: KEY, LOTSE_POLICY_SINCE: since }), expected)
  const wrong = [...SERVICE, '--operator-key', KEY, '--policy-since', 'lately']
  t.throws(() => readSettings(wrong, {}), /"lately" is not a time like/)
})
