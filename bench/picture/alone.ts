import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { BenchResult } from '../result.ts'

/** Runs one of this folder's programs in a fresh network namespace; it tells its result as a message. */
export async function runAlone(file: string): Promise<BenchResult> {
  // Whoever is not root is it in a user namespace.
  const alone = process.getuid?.() === 0 ? ['--net'] : ['--map-root-user', '--net']
  const program = [process.execPath, '--import=tsx', fileURLToPath(new URL(file, import.meta.url))]
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', 'unshare', ...alone, ...program], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  let result: BenchResult | undefined
  child.on('message', (told: BenchResult) => {
    result = told
  })
  const [code] = await once(child, 'exit')
  if (!result) throw new Error(`The bench ended with ${code} before it had a result.`)
  return result
}
