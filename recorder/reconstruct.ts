import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { KeysMissing } from '../peer/recording/session-key.ts'
import type { Standing } from './chain-verdict.ts'
import { identityIn } from './key-file.ts'
import {
  NoPassphrase,
  type PassphrasePrompt,
  standardInputPrompt,
  terminalPrompt,
} from './passphrase-prompt.ts'
import { ReconstructionRefused, reconstruct } from './reconstruction.ts'

/** `npm run reconstruct`: opens one recording with a key of each group. */

const USAGE = `Usage: npm run reconstruct -- SESSION --key FILE_A --key FILE_B --out FOLDER
         [--data FOLDER] [--expiry-keys FOLDER] [--passphrase-stdin]

Opens the recording of SESSION with one key of group A and one of group B and writes its pictures, chat and events
into the empty FOLDER. A key file is one that make-group-key made. Where a passphrase protects it you are asked for
it, or it comes from standard input: one line for each such key, in the order of --key. The data folder is
$LOTSE_DATA, or ./data where that is not set. The folder of expiry keys is $LOTSE_EXPIRY_KEYS, or recorder/expiry-keys
in the data folder; without the key of this recording nobody can open it, whatever other keys they have.

Exit code: 0 the recording is whole and all of it was read; 1 it is broken, has no end, or parts could not be read;
2 nothing could be opened; 3 it has no fault but was abandoned, so that its end is vouched for by nobody.`

const EXIT_CODE: Record<Standing, number> = { whole: 0, broken: 1, open: 1, abandoned: 3 }

class UsageProblem extends Error {}

/** Returns the exit code. */
async function main(args: string[]): Promise<number> {
  try {
    const { sessionId, keys, out, data, expiryKeys, prompt } = readArguments(args)
    const identities: string[] = []
    // One after the other: two people type at one terminal.
    for (const path of keys) identities.push(await identityIn(path, prompt))
    const result = await reconstruct({
      sessionId,
      identities,
      outDirectory: out,
      vaultDirectory: join(data, 'recorder', 'vault'),
      keysDirectory: expiryKeys,
    })
    for (const sentence of result.sentences) console.log(sentence)
    return result.unreadable > 0 ? 1 : EXIT_CODE[result.standing]
  } catch (error) {
    if (error instanceof UsageProblem) console.error(`${error.message}\n\n${USAGE}`)
    else if (isForThePerson(error)) console.error(error.message)
    else throw error
    return 2
  }
}

interface Arguments {
  readonly sessionId: string
  readonly keys: readonly string[]
  readonly out: string
  readonly data: string
  readonly expiryKeys: string
  readonly prompt: PassphrasePrompt
}

function readArguments(args: string[]): Arguments {
  // Taken out first: one session id in 64 begins with a dash and would be read as an option.
  const at = args.findIndex((arg, at) => SESSION_ID.test(arg) && !VALUE_FOLLOWS.has(args[at - 1] ?? ''))
  const sessionId = args[at]
  if (!sessionId) throw new UsageProblem('Give the session whose recording is to be opened: 22 characters.')
  const values = parse(args.toSpliced(at, 1))
  if (!values.out) throw new UsageProblem('Say with --out where the pictures go.')
  const data = values.data ?? (process.env.LOTSE_DATA || './data')
  const expiryKeys =
    values['expiry-keys'] ?? (process.env.LOTSE_EXPIRY_KEYS || join(data, 'recorder', 'expiry-keys'))
  const prompt = values['passphrase-stdin'] ? standardInputPrompt() : terminalPrompt
  return { sessionId, keys: values.key ?? [], out: values.out, data, expiryKeys, prompt }
}

const SESSION_ID = /^[A-Za-z0-9_-]{22}$/
const OPTIONS = {
  key: { type: 'string', multiple: true },
  out: { type: 'string' },
  data: { type: 'string' },
  'expiry-keys': { type: 'string' },
  'passphrase-stdin': { type: 'boolean' },
} as const
const VALUE_FOLLOWS = new Set(['--key', '--out', '--data', '--expiry-keys'])

function parse(args: string[]) {
  try {
    return parseArgs({ args, options: OPTIONS }).values
  } catch (error) {
    throw new UsageProblem((error as Error).message)
  }
}

function isForThePerson(error: unknown): error is Error {
  const kinds = [KeysMissing, ReconstructionRefused, NoPassphrase, RangeError]
  return kinds.some((kind) => error instanceof kind)
}

process.exitCode = await main(process.argv.slice(2))
