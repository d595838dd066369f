import t from 'tap'
import { readConfig } from '../../signaling/config.ts'

t.test('without settings there are sensible ones', async (t) => {
  t.match(readConfig({}), {
    origin: 'http://127.0.0.1:8080',
    host: '127.0.0.1',
    port: 8080,
    recorderToken: null,
    iceServers: [],
    logLevel: 'info',
    trustProxy: [],
  })
  t.equal(readConfig({ LOTSE_DATA: '/var/lib/lotse/' }).dataFolder, '/var/lib/lotse')
})

t.test('every setting is read', async (t) => {
  const config = readConfig({
    LOTSE_ORIGIN: 'https://HELP.example.org:443',
    LOTSE_HOST: '::',
    LOTSE_PORT: '443',
    LOTSE_RECORDER_TOKEN: 'x'.repeat(43),
    LOTSE_ICE_SERVERS: '[{"urls":["turn:turn.example.org"],"username":"u","credential":"c"}]',
    LOTSE_LOG_LEVEL: 'debug',
    LOTSE_TRUST_PROXY: '127.0.0.1, 10.0.0.0/8',
  })
  t.match(config, {
    origin: 'https://help.example.org',
    host: '::',
    port: 443,
    recorderToken: 'x'.repeat(43),
    iceServers: [{ urls: ['turn:turn.example.org'] }],
    trustProxy: ['127.0.0.1', '10.0.0.0/8'],
  })
})

t.test('a doubtful setting stops the start with a sentence that names it', async (t) => {
  const wrong: [Record<string, string>, RegExp][] = [
    [{ LOTSE_PORT: 'http' }, /^LOTSE_PORT must be a whole number from 0 to 65535; it is "http"\.$/],
    [{ LOTSE_PORT: '70000' }, /LOTSE_PORT/],
    [{ LOTSE_ORIGIN: 'help.example.org' }, /LOTSE_ORIGIN must be the public origin/],
    [{ LOTSE_ORIGIN: 'https://help.example.org/' }, /without a slash at its end/],
    [{ LOTSE_ICE_SERVERS: 'turn:x' }, /LOTSE_ICE_SERVERS must be a JSON list/],
    [{ LOTSE_ICE_SERVERS: '[{"urls":["https://x"]}]' }, /LOTSE_ICE_SERVERS/],
    [{ LOTSE_LOG_LEVEL: 'loud' }, /LOTSE_LOG_LEVEL must be one of silent, fatal/],
    [{ LOTSE_TRUST_PROXY: 'everyone' }, /LOTSE_TRUST_PROXY must be addresses or networks/],
    [{ LOTSE_PORT: 'x', LOTSE_ORIGIN: 'y' }, /LOTSE_ORIGIN[^\n]*\nLOTSE_PORT/],
  ]
  for (const [env, sentence] of wrong)
    t.throws(() => readConfig(env), { name: 'ConfigProblem', message: sentence })
})

t.test('[S5] a wrong token is not shown', async (t) => {
  try {
    readConfig({ LOTSE_RECORDER_TOKEN: 'short-secret' })
    t.fail('it was taken')
  } catch (error) {
    t.match(String(error), /LOTSE_RECORDER_TOKEN must be at least 32/)
    t.notMatch(String(error), /short-secret/)
  }
})
