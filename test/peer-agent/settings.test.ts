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
