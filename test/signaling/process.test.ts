import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { freePort } from './running-service.ts'

const path = (file: string) => fileURLToPath(new URL(`../../signaling/${file}`, import.meta.url))

function run(file: string, args: string[], env: Record<string, string>) {
  return spawn(process.execPath, ['--import=tsx', path(file), ...args], { env: { ...process.env, ...env } })
}

t.test('the process starts, answers, and ends in order on SIGTERM', async (t) => {
  const port = await freePort()
  const env = { LOTSE_DATA: t.testdir(), LOTSE_PORT: String(port), LOTSE_ORIGIN: `http://127.0.0.1:${port}` }
  const service = run('main.ts', [], env)
  t.teardown(() => service.kill('SIGKILL'))
  service.stderr.pipe(process.stderr)
  let log = ''
  for await (const chunk of service.stdout) {
    log += chunk
    if (log.includes('Server listening')) break
  }
  const health = await fetch(`${env.LOTSE_ORIGIN}/healthz`)
  t.same(await health.json(), { status: 'ok' })
  const gone = once(service, 'exit')
  service.kill('SIGTERM')
  t.same(await gone, [0, null])
})

t.test('a wrong setting ends it with a sentence and no stack', async (t) => {
  const service = run('main.ts', [], { LOTSE_DATA: t.testdir(), LOTSE_PORT: 'eighty' })
  const [said, [code]] = await Promise.all([text(service.stderr), once(service, 'exit')])
  t.equal(code, 78)
  t.equal(said, 'LOTSE_PORT must be a whole number from 0 to 65535; it is "eighty".\n')
})

t.test('[S3] the operator command reads a password from its input', async (t) => {
  const operator = run('operator.ts', ['add-expert', 'Anna', '--password-stdin'], { LOTSE_DATA: t.testdir() })
  operator.stdin.end('a long enough one\n')
  const [said, [code]] = await Promise.all([text(operator.stdout), once(operator, 'exit')])
  t.equal(code, 0)
  t.match(said, /^Anna can log in/)
})
